/** Openings of the damper around the treatment wait for the meters of the lines that they belong to. */
import type { Reading } from '../../contracts/report-reading.ts';
import type { Running } from '../rules/line-span.ts';
import { AIR_O2_PERCENT } from '../means/oxygen.ts';
import {
  initialBypassState,
  isQuiet,
  stepBypass,
  treatmentBypass,
  type BypassSpan,
  type BypassState,
} from '../rules/treatment.bypass.ts';
import type { BoundDevice, BoundLine } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import { isHonoured, spansBetween } from './mark-book.ts';
import { changeAfter, spanAt } from './span-queue.ts';
import type { SiteStream } from './site-stream.ts';

const MARKED = ['start-up', 'shut-down', 'fault'];
const ON = 1;

function valid(readings: readonly Reading[], signal: string): number | undefined {
  for (const reading of readings) {
    if (reading.signal !== signal) continue;
    const { value } = reading;
    return reading.flag === 'N' && typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  }
  return undefined;
}

/** Of a line without meters: what the gas says, 1 on, 0 off, -1 unknown. */
function oxygenWord(readings: readonly Reading[]): number {
  const o2 = valid(readings, 'o2');
  return o2 === undefined ? -1 : o2 < AIR_O2_PERCENT ? ON : 0;
}

/** A covered span of a device that tells how far a damper is open. */
export function stepDamper(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const opening = valid(segment.readings, 'bypass');
  if (opening === undefined) return;
  for (const line of device.signOf) takeOpening(stream, device, line, { segment, opening });
  for (const { line } of device.lines) takeOpening(stream, device, line, { segment, opening });
}

function takeOpening(
  stream: SiteStream,
  device: BoundDevice,
  line: BoundLine,
  at: { readonly segment: Segment; readonly opening: number },
): void {
  const { segment, opening } = at;
  const { bypass } = line.state.watch;
  const state = (bypass[device.id] ??= initialBypassState());
  if (isQuiet(state, opening, stream.scribe.context(treatmentBypass))) return;
  state.waiting.push([segment.start, segment.end, opening, oxygenWord(segment.readings)]);
  sweepDamper(stream, line, device.id, segment.end);
}

function runningAt(line: BoundLine, at: number, oxygen: number): Running {
  const code = line.plan.productionCount > 0 ? spanAt(line.state.watch.runs, at)?.[2] : oxygen;
  return code === ON ? 'on' : code === 0 ? 'off' : 'unknown';
}

/** A start-up, shut-down or fault that was declared in time for the damper, its stack or its line. */
function markAt(
  stream: SiteStream,
  line: BoundLine,
  device: string,
  span: { from: number; to: number },
): string | undefined {
  const fixed = stream.plan.devices.get(device)?.marks ?? [];
  if (fixed.length === 0 && stream.state.marks.length === 0) return undefined;
  const devices = [device, ...line.signs.map(({ id }) => id)];
  const found = spansBetween(fixed, stream.state.marks, devices, { ...span, states: MARKED });
  return found.find((mark) => isHonoured(mark) && mark.from <= span.from && mark.to >= span.to)?.state;
}

function sweepDamper(stream: SiteStream, line: BoundLine, device: string, now: number): void {
  const state = line.state.watch.bypass[device] as BypassState;
  const context = stream.scribe.context(treatmentBypass);
  const ready = line.plan.productionCount > 0 ? line.state.timeline.doneTo : Number.POSITIVE_INFINITY;
  for (
    let first = state.waiting[0];
    first !== undefined && ready !== null && first[1] <= ready;
    first = state.waiting[0]
  ) {
    let [start] = first;
    const [, end, opening, oxygen] = first;
    while (start < end) {
      const until = changeAfter(line.state.watch.runs, start, end);
      const span: BypassSpan = {
        line: line.plan.line.id,
        device,
        start,
        end: until,
        opening,
        production: runningAt(line, start, oxygen),
        mark: markAt(stream, line, device, { from: start, to: until }),
        at: now,
      };
      stepBypass(state, span, context);
      start = until;
    }
    state.waiting.shift();
  }
}

/** The line's meters have moved on to stream time `now`. */
export function sweepDampers(stream: SiteStream, line: BoundLine, now: number): void {
  const { bypass } = line.state.watch;
  for (const device in bypass) {
    if ((bypass[device] as BypassState).waiting.length > 0) sweepDamper(stream, line, device, now);
  }
}
