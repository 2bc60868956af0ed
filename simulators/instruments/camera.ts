/** A video meter (视频监控仪): whether the line is seen working, how dense the plume is, and a fingerprint of the picture. */
import type { RandomStream } from '../plants/random-stream.ts';
import type { Weather } from '../plants/weather.ts';
import { roundToStep, type DeviceReport, type Instrument } from './device-report.ts';

const WORD = 0x1_0000_0000;
/** Humidity with what a lid on the city and a low place add to it: from here on fog stands before the camera. */
const FOG_PERCENT = 105;
/** Share of frames in which the picture is misread: a shadow, a person, headlights. */
const MISREAD_SHARE = 0.0005;

export interface Camera {
  readonly everyMs: number;
  readonly random: RandomStream;
  readonly countedFromAt: number;
  /** Load of the line that it looks at. */
  readonly loadPercentAt: (at: number) => number;
  readonly weatherAt: (at: number) => Weather;
}

export function createCamera(camera: Camera): Instrument {
  const { random, everyMs } = camera;
  const opacityNoise = random.split('opacity');
  const pictures = random.split('picture');
  const misread = random.split('misread');
  /** Some stand where fog gathers. */
  const fogSense = random.split('fog').uniformAt(0) * 6;
  const reportAt = (tickAt: number): DeviceReport => {
    const loadPercent = camera.loadPercentAt(tickAt);
    const weather = camera.weatherAt(tickAt);
    const frame = Math.round(tickAt / everyMs);
    const isFoggy = weather.humidityPercent + 6 * weather.inversion + fogSense > FOG_PERCENT;
    const opacity = loadPercent === 0 ? 0 : 3 + loadPercent * 0.04 + 0.6 * opacityNoise.gaussianAt(frame);
    const isRunning = loadPercent > 0 !== misread.uniformAt(frame) < MISREAD_SHARE;
    const picture = Math.floor(pictures.uniformAt(frame) * WORD);
    return {
      tsAt: tickAt,
      periodMs: 0,
      values: {
        online: 1,
        occluded: isFoggy ? 1 : 0,
        running: isRunning ? 1 : 0,
        opacity: roundToStep(Math.max(0, opacity), 0.1),
        'picture-hash': picture.toString(16).padStart(8, '0'),
      },
      flags: {},
      seq: Math.max(0, Math.round((tickAt - camera.countedFromAt) / everyMs)),
      isResent: false,
      mark: undefined,
      parameters: undefined,
    };
  };
  return { everyMs, reportAt };
}
