/** A video meter (视频监控仪): whether the line is seen working, how dense the plume is, and a fingerprint of the picture. */
import type { RandomStream } from '../plants/random-stream.ts';
import { roundToStep, type DeviceReport, type Instrument } from './device-report.ts';

const WORD = 0x1_0000_0000;

export interface Camera {
  readonly everyMs: number;
  readonly random: RandomStream;
  readonly countedFromAt: number;
  /** Load of the line that it looks at. */
  readonly loadPercentAt: (at: number) => number;
}

export function createCamera(camera: Camera): Instrument {
  const reportAt = (tickAt: number): DeviceReport => {
    const loadPercent = camera.loadPercentAt(tickAt);
    const frame = Math.round(tickAt / camera.everyMs);
    const flicker = camera.random.split('opacity').gaussianAt(frame);
    const opacity = loadPercent === 0 ? 0 : 3 + loadPercent * 0.04 + 0.6 * flicker;
    const picture = Math.floor(camera.random.split('picture').uniformAt(frame) * WORD);
    return {
      tsAt: tickAt,
      periodMs: 0,
      values: {
        online: 1,
        occluded: 0,
        running: loadPercent > 0 ? 1 : 0,
        opacity: roundToStep(Math.max(0, opacity), 0.1),
        'picture-hash': picture.toString(16).padStart(8, '0'),
      },
      flags: {},
      seq: Math.max(0, Math.round((tickAt - camera.countedFromAt) / camera.everyMs)),
      isResent: false,
      mark: undefined,
      parameters: undefined,
    };
  };
  return { everyMs: camera.everyMs, reportAt };
}
