/**
 * One report in stream order: marks, covered time, means, and the rules about channels and lines.
 */
import type { Reading } from '../../contracts/report-reading.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { markMinutes, createMeterHour } from '../means/meter-hour.ts';
import { feedOutlet } from '../means/feed-outlet.ts';
import { closeBoundary, nextBoundary } from './close-boundary.ts';
import { cover, initialTrack, type Segment, type Track } from './covered-time.ts';
import { lineState, outletStream, type EventState } from './event-state.ts';
import { coveredMs, declareMark, spansBetween } from './mark-book.ts';
import { countSample, initialMeterMemory, learnPower, onThreshold, reportPower } from './meter-power.ts';
import type { Scribe } from './scribe.ts';
import type { DevicePlan, SitePlan } from './site-plan.ts';
import type { StreamReport } from './stream-report.ts';
import { boundaryPlace, comparePlaces, reportPlace, type Place, PERIOD_CLASS } from './stream-order.ts';
import { sweepLine } from './sweep-line.ts';
import { sweepOutlet } from './sweep-outlet.ts';
import { decide, say } from './timeline.ts';

const INVALIDATING = ['calibration', 'maintenance'];
/** A gap this long is not walked through hour by hour. */
const LONGEST_WALK_MS = 400 * 86_400_000;

export interface Stream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
  /** Called at each boundary once everything before it is read: the moment for a snapshot. */
  readonly atBoundary?: ((at: number) => void) | undefined;
}

/** Passes every boundary that lies before `place`. */
function passBoundaries(stream: Stream, place: Place): void {
  const { plan, state } = stream;
  if (state.nextBoundary !== null && place.at < state.nextBoundary) return;
  state.nextBoundary = null;
  if (state.boundary === null) {
    // A period that ends at a boundary belongs before it.
    const from = place.class === PERIOD_CLASS ? place.at - 1 : place.at;
    state.boundary = nextBoundary(plan, from) - plan.boundaryMs;
    return;
  }
  if (place.at - state.boundary > LONGEST_WALK_MS) state.boundary = nextBoundary(plan, place.at - LONGEST_WALK_MS);
  for (;;) {
    const at = nextBoundary(plan, state.boundary);
    const boundary = boundaryPlace(at);
    if (comparePlaces(boundary, place) >= 0) {
      state.nextBoundary = at;
      return;
    }
    closeBoundary(plan, state, at, stream.scribe);
    state.boundary = at;
    if (comparePlaces(boundary, state.place) > 0) state.place = boundary;
    stream.atBoundary?.(at);
  }
}

function isMarkedInvalid(stream: Stream, device: DevicePlan, report: StreamReport): boolean {
  const { state } = stream;
  if (device.marks.length === 0 && state.marks.length === 0) return false;
  const to = Math.max(report.endAt, report.ts + 1);
  const related = [report.device];
  const spans = spansBetween(device.marks, state.marks, related, { from: report.ts, to, states: INVALIDATING });
  if (report.periodMs === 0) return spans.length > 0;
  return coveredMs(spans, report.ts, to) > 0.25 * report.periodMs;
}

/** kW of a meter's report, kept for the hour that tells operating from standstill. */
function readMeter(stream: Stream, device: DevicePlan, report: StreamReport, usable: boolean): number | undefined {
  const { plan, state } = stream;
  const memory = (state.meters[report.device] ??= initialMeterMemory());
  const power = reportPower(memory, report);
  if (power === undefined || !usable) return undefined;
  if (device.on === undefined) learnPower(memory, power);
  const threshold = onThreshold(memory, device);
  if (threshold === undefined) return power;
  const minute = Math.floor(report.ts / MINUTE_MS) * MINUTE_MS;
  const length = report.periodMs === 0 ? Math.max(MINUTE_MS, device.device.everyMs) : report.periodMs;
  const hourStart = plan.time.hourStart(Math.max(report.ts, report.endAt - 1));
  const isKnown = report.periodMs > 0 || countSample(memory, minute, device.device.everyMs);
  for (const { plan: outlet } of device.fedOutlets) {
    const { means } = outletStream(state, outlet.outlet.id, outlet.meters.length);
    const hour = (means.meters[report.device] ??= createMeterHour());
    markMinutes(hour, hourStart, { from: minute, to: minute + length }, { isOn: power >= threshold, isKnown });
  }
  return power;
}

/** A camera's or stack monitor's valid word about production. */
function isSign(readings: readonly Reading[]): boolean {
  let value: 'none' | 'running' | 'gas' = 'none';
  for (const reading of readings) {
    if (reading.flag !== 'N' || typeof reading.value !== 'number') continue;
    if ((reading.signal === 'online' && reading.value === 0) || (reading.signal === 'occluded' && reading.value === 1))
      return false;
    if (reading.signal === 'running') value = 'running';
    else if (reading.signal === 'o2' || reading.signal === 'flow') value = 'gas';
  }
  return value !== 'none';
}

function noteSegment(stream: Stream, device: DevicePlan, segment: Segment, power: number | undefined): void {
  const { state } = stream;
  for (const { plan, member } of device.lines) {
    say(lineState(state, plan.line.id, plan.meters.length).timeline, member, segment, power);
  }
  for (const { plan, member } of device.fedOutlets) {
    say(outletStream(state, plan.outlet.id, plan.meters.length).timeline, member, segment, power);
  }
  for (const outlet of device.outlets) {
    outletStream(state, outlet.outlet.id, outlet.meters.length).waiting.push({ device: device.device.id, segment });
  }
  if (device.signOf.length > 0 && isSign(segment.readings)) {
    for (const line of device.signOf) {
      const { signs } = lineState(state, line.line.id, line.meters.length);
      const last = signs[signs.length - 1];
      if (last !== undefined && last[1] >= segment.start) last[1] = Math.max(last[1], segment.end);
      else signs.push([segment.start, segment.end]);
    }
  }
}

function noteHeard(stream: Stream, device: DevicePlan, track: Track): void {
  const at = track.decidedTo;
  if (at === null) return;
  for (const { plan, member } of device.lines)
    decide(lineState(stream.state, plan.line.id, plan.meters.length).timeline, member, at);
  for (const { plan, member } of device.fedOutlets) {
    decide(outletStream(stream.state, plan.outlet.id, plan.meters.length).timeline, member, at);
  }
}

/** kW that a covered span stands for: an instant's is the earlier value's, a period's its own. */
function segmentPower(
  device: DevicePlan,
  segment: Segment,
  at: { report: StreamReport; own: number | undefined },
): number | undefined {
  const { report, own } = at;
  if (!device.isLineMeter) return undefined;
  if (report.periodMs > 0) return own;
  const before = segment.readings.find((reading) => reading.signal === 'power');
  // Without power values the register says what was drawn in between; without either nothing is known.
  if (before === undefined) return segment.readings.some(({ signal }) => signal === 'energy') ? own : undefined;
  const isNormal = before.flag === 'N' || before.flag === 'T';
  return isNormal && typeof before.value === 'number' ? before.value : undefined;
}

/** Sweeps whatever the device has a say in, up to the stream's time. */
function sweepAround(stream: Stream, device: DevicePlan, now: number): void {
  for (const { plan } of device.lines) sweepLine(stream, plan, now);
  for (const fed of device.fedOutlets) sweepOutlet(stream, fed.plan, now);
  for (const outlet of device.outlets) sweepOutlet(stream, outlet, now);
}

/** Reads the next report of the site; its place is never before the last one's. */
export function readReport(stream: Stream, report: StreamReport): void {
  const { plan, state } = stream;
  const device = plan.devices.get(report.device);
  if (device === undefined) return;
  const place = reportPlace(report, device.tails);
  passBoundaries(stream, place);
  state.place = place;
  if (report.mark !== undefined) declareMark(state.marks, report.device, report.mark, report);
  if (report.readings.length === 0) return;
  const usable = !isMarkedInvalid(stream, device, report);
  const track = (state.tracks[report.device] ??= initialTrack());
  const { everyMs } = device.device;
  const power = device.isLineMeter ? readMeter(stream, device, report, usable) : undefined;
  if (device.outlets.length > 0) {
    const hourStart = plan.time.hourStart(report.ts);
    for (const outlet of device.outlets) {
      const { means } = outletStream(state, outlet.outlet.id, outlet.meters.length);
      feedOutlet(outlet, means, report, { hourStart, everyMs, isUsable: usable });
    }
  }
  const segment = cover(track, everyMs, usable ? report : { ...report, readings: [] });
  if (segment !== undefined)
    noteSegment(stream, device, segment, segmentPower(device, segment, { report, own: power }));
  noteHeard(stream, device, track);
  sweepAround(stream, device, place.at);
}

/** The stream's time moves on to `at` without a report: boundaries pass, silences grow. */
export function passTime(stream: Stream, at: number): void {
  const { plan, state } = stream;
  if (state.boundary === null) return;
  passBoundaries(stream, boundaryPlace(at));
  const place = boundaryPlace(at);
  if (comparePlaces(place, state.place) > 0) state.place = place;
  for (const line of plan.lines) sweepLine(stream, line, at);
  for (const outlet of plan.outlets) sweepOutlet(stream, outlet, at);
}
