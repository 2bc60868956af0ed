/** Covered spans of a camera go to the rule about cameras. */
import { initialVideoState, stepVideo, video, type VideoSpan } from '../rules/quality.video.ts';
import type { BoundDevice } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import type { Scribe } from './scribe.ts';

type Told = { -readonly [K in 'online' | 'occluded' | 'running']: VideoSpan[K] } & { picture: string | undefined };

function toldBy({ readings }: Segment): Told {
  const told: Told = { online: undefined, occluded: undefined, running: undefined, picture: undefined };
  for (const { signal, value, flag } of readings) {
    if (flag !== 'N') continue;
    if (signal === 'picture-hash') told.picture = typeof value === 'string' ? value : undefined;
    else if (signal === 'online' || signal === 'occluded' || signal === 'running')
      told[signal] = typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  }
  return told;
}

export function stepCamera({ scribe }: { readonly scribe: Scribe }, device: BoundDevice, segment: Segment): void {
  const { start, end, readings } = segment;
  if (readings.length === 0) return;
  const everyMs = Math.max(device.everyMs, end - start > 1.5 * device.everyMs ? end - start : 0);
  const span: VideoSpan = { start, end, everyMs, at: end, ...toldBy(segment) };
  const state = (device.rules.video ??= initialVideoState());
  stepVideo(state, span, { device: device.id, context: scribe.context(video) });
}
