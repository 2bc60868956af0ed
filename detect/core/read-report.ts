/**
 * One report in stream order: marks, covered time, means, and the rules about channels and lines.
 */
import type { Reading } from '../../contracts/report-reading.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { markMinutes, createMeterHour } from '../means/meter-hour.ts';
import type { BoundDevice, BoundSite } from './bound-parts.ts';
import { bindSite } from './bound-site.ts';
import { closeBoundary, nextBoundary } from './close-boundary.ts';
import { cover, type Segment } from './covered-time.ts';
import type { EventState } from './event-state.ts';
import { coveredMs, declareMark, spansBetween } from './mark-book.ts';
import { countSample, learnPower, onThreshold, reportPower, type MeterMemory } from './meter-power.ts';
import { noteRegister } from './register-hours.ts';
import { readSettings } from './read-settings.ts';
import { readStack } from './read-stack.ts';
import type { Scribe } from './scribe.ts';
import type { SitePlan } from './site-plan.ts';
import type { StreamReport } from './stream-report.ts';
import { boundaryPlace, comparePlaces, type Place, PERIOD_CLASS } from './stream-order.ts';
import { stepDevice } from './sweep-device.ts';
import { joinSigns, sweepLine } from './sweep-line.ts';
import { sweepOutlet } from './sweep-outlet.ts';
import { decide, say } from './timeline.ts';

const INVALIDATING = ['calibration', 'maintenance'];
/** A gap this long is not walked through hour by hour. */
const LONGEST_WALK_MS = 400 * 86_400_000;

export interface Stream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
  /** Plan and state joined. */
  readonly bound: BoundSite;
  /** Called at each boundary once everything before it is read: the moment for a snapshot. */
  readonly atBoundary?: ((at: number) => void) | undefined;
}

export function createStream(of: Omit<Stream, 'bound'>): Stream {
  return { ...of, bound: bindSite(of.plan, of.state) };
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
    // A line whose meters are silent goes on in the time that others of its site still tell.
    for (const line of stream.bound.lines) sweepLine(stream, line, at);
    state.boundary = at;
    if (comparePlaces(boundary, state.place) > 0) state.place = boundary;
    stream.atBoundary?.(at);
  }
}

function isMarkedInvalid(state: EventState, device: BoundDevice, report: StreamReport): boolean {
  const { marks } = device.plan;
  if (marks.length === 0 && state.marks.length === 0) return false;
  const to = Math.max(report.endAt, report.ts + 1);
  const window = { from: report.ts, to, states: INVALIDATING };
  const spans = spansBetween(marks, state.marks, [report.device], window);
  if (report.periodMs === 0) return spans.length > 0;
  return coveredMs(spans, report.ts, to) > 0.25 * report.periodMs;
}

/** The register at full hours: what an hour's energy is. */
function noteRegisterOf(stream: Stream, memory: MeterMemory, before: MeterMemory['register']): void {
  const { register } = memory;
  if (register === null) return;
  noteRegister((memory.hourRegisters ??= []), before, register, stream.plan.time.hourStart(register.at));
}

/** kW of a meter's report, kept for the hour that tells operating from standstill. */
function readMeter(
  stream: Stream,
  device: BoundDevice,
  memory: MeterMemory,
  at: { readonly report: StreamReport; readonly usable: boolean },
): number | undefined {
  const { plan, everyMs } = device;
  const { report, usable } = at;
  const before = memory.register;
  const power = reportPower(memory, report);
  if (usable && memory.register !== before) noteRegisterOf(stream, memory, before);
  if (power === undefined || !usable) return undefined;
  if (plan.on === undefined) learnPower(memory, power);
  const threshold = onThreshold(memory, plan);
  if (threshold === undefined || device.fedOutlets.length === 0) return power;
  const minute = Math.floor(report.ts / MINUTE_MS) * MINUTE_MS;
  const length = report.periodMs === 0 ? Math.max(MINUTE_MS, everyMs) : report.periodMs;
  const hourStart = stream.plan.time.hourStart(Math.max(report.ts, report.endAt - 1));
  const span = { from: minute, to: minute + length };
  const said = { isOn: power >= threshold, isKnown: report.periodMs > 0 || countSample(memory, minute, everyMs) };
  for (const { outlet } of device.fedOutlets) {
    const { means } = outlet.stream;
    markMinutes((means.meters[device.id] ??= createMeterHour()), hourStart, span, said);
  }
  return power;
}

function noteSegment(stream: Stream, device: BoundDevice, segment: Segment, power: number | undefined): void {
  for (const { line, member } of device.lines) say(line.state.timeline, member, segment, power);
  for (const { outlet, member } of device.fedOutlets) say(outlet.stream.timeline, member, segment, power);
  for (const { outlet } of device.instruments) outlet.stream.waiting.push({ device: device.id, segment });
  stepDevice(stream, device, segment);
}

function noteHeard(device: BoundDevice): void {
  const at = device.track.decidedTo;
  if (at === null) return;
  for (const { line, member } of device.lines) decide(line.state.timeline, member, at);
  for (const { outlet, member } of device.fedOutlets) decide(outlet.stream.timeline, member, at);
}

/** kW that a covered span of instants stands for: the earlier value's. */
function instantPower(readings: readonly Reading[], own: number | undefined): number | undefined {
  let hasRegister = false;
  for (const { signal, flag, value } of readings) {
    if (signal === 'energy') hasRegister = true;
    if (signal !== 'power') continue;
    return (flag === 'N' || flag === 'T') && typeof value === 'number' ? value : undefined;
  }
  // Without power values the register says what was drawn in between; without either nothing is known.
  return hasRegister ? own : undefined;
}

/** Sweeps whatever the device has a say in, up to the stream's time. */
function sweepAround(stream: Stream, device: BoundDevice, now: number): void {
  for (const { line } of device.lines) sweepLine(stream, line, now);
  for (const line of device.signOf) joinSigns(stream, line, now);
  for (const { outlet } of device.fedOutlets) sweepOutlet(stream, outlet, now);
  for (const { outlet } of device.instruments) sweepOutlet(stream, outlet, now);
}

function readValues(stream: Stream, device: BoundDevice, report: StreamReport): void {
  const usable = !isMarkedInvalid(stream.state, device, report);
  const { memory, everyMs } = device;
  const own = memory === undefined ? undefined : readMeter(stream, device, memory, { report, usable });
  if (device.instruments.length > 0) readStack(stream, device, report, usable);
  const segment = cover(device.track, everyMs, usable ? report : { ...report, readings: [] });
  if (segment === undefined) return;
  const power = memory === undefined || report.periodMs > 0 ? own : instantPower(segment.readings, own);
  noteSegment(stream, device, segment, power);
}

/** Reads the next report of the site; its place is never before the last one's. */
export function readReport(stream: Stream, report: StreamReport, place: Place): void {
  const { state } = stream;
  const device = stream.bound.devices.get(report.device);
  if (device === undefined) return;
  passBoundaries(stream, place);
  state.place = place;
  if (report.mark !== undefined) declareMark(state.marks, report.device, report.mark, report);
  if (report.parameters !== undefined) readSettings(stream, device, report);
  if (report.readings.length === 0) return;
  readValues(stream, device, report);
  noteHeard(device);
  sweepAround(stream, device, place.at);
}

/** The stream's time moves on to `at` without a report: boundaries pass, silences grow. */
export function passTime(stream: Stream, at: number): void {
  const { state, bound } = stream;
  if (state.boundary === null) return;
  const place = boundaryPlace(at);
  passBoundaries(stream, place);
  if (comparePlaces(place, state.place) > 0) state.place = place;
  for (const line of bound.lines) sweepLine(stream, line, at);
  for (const outlet of bound.outlets) sweepOutlet(stream, outlet, at);
}
