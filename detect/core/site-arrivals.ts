/**
 * A report arrives at its site: repeat, future, late or new; what is new waits a moment for its neighbours and is
 * then read in stream order.
 */
import type { Sample } from '../../contracts/ports/detection-store.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import {
  closeClockHour,
  TIMELY_MS,
  noteAhead,
  noteLateness,
  noteOnTime,
  noteReport,
  noteSilence,
  offlineDeadline,
} from './arrival-facts.ts';
import { deviceArrival, type Exception, type LateGathering } from './arrival-state.ts';
import { recognise } from './identity.ts';
import { count } from './outputs.ts';
import { passTime, readReport, type Stream } from './read-report.ts';
import { offline } from '../rules/quality.offline.ts';
import type { Held, SiteRuntime } from './site-runtime.ts';
import { beginBases, takeSnapshot } from './snapshots.ts';
import type { StreamReport } from './stream-report.ts';
import { comparePlaces, reportPlace, type Place } from './stream-order.ts';

export const FUTURE_MS = 5 * MINUTE_MS;
const LIVE_MS = HOUR_MS;
const QUIET_MS = MINUTE_MS;
const ADVANCE_STEP_MS = 5 * MINUTE_MS;

export function streamOf(runtime: SiteRuntime): Stream {
  return {
    plan: runtime.plan,
    state: runtime.event,
    scribe: runtime.scribe,
    atBoundary: (at) => {
      takeSnapshot(runtime, at);
    },
  };
}

/** The row that is kept of a report; `signals` restricts it to those that were new. */
function toSample(
  report: CheckedReport,
  received: number,
  at: { revision: number; signals?: readonly string[] },
): Sample {
  const kept =
    at.signals === undefined
      ? report.readings
      : report.readings.filter((reading) => at.signals?.includes(reading.signal));
  const values = kept.filter((reading) => !Number.isNaN(reading.value));
  return {
    site: report.site,
    device: report.device,
    ts: report.ts,
    periodMs: report.periodMs,
    received,
    signals: values.map((reading) => reading.signal),
    values: values.map((reading) => reading.value),
    flags: values.map((reading) => reading.flag).join(''),
    revision: at.revision,
  };
}

/** Gathers the row of a report, where anyone keeps rows. */
export function keepSample(
  runtime: SiteRuntime,
  report: CheckedReport & { readonly received: number },
  at: { revision: number; signals?: readonly string[] },
): void {
  if (runtime.outputs.wantsSamples) runtime.outputs.samples.push(toSample(report, report.received, at));
}

function except(runtime: SiteRuntime, offset: number, exception: Exception): void {
  runtime.arrival.exceptions[String(offset)] = exception;
}

/** From `place` on the site has to be read again. */
export function noteLate(
  runtime: SiteRuntime,
  place: Place,
  cause: LateGathering['cause'],
  unclearOffset?: number,
): void {
  const { arrival } = runtime;
  arrival.late ??= { offsets: [], hasKnown: false, since: runtime.now, from: place, cause };
  if (unclearOffset === undefined) arrival.late.hasKnown = true;
  else arrival.late.offsets.push(unclearOffset);
  if (comparePlaces(place, arrival.late.from) < 0) arrival.late.from = place;
  if (cause !== 'late-data') arrival.late.cause = cause;
}

/** In front of the first held report that comes later. */
function hold(runtime: SiteRuntime, held: Held): void {
  const list = runtime.held;
  let index = list.length;
  while (index > 0 && comparePlaces((list[index - 1] as Held).place, held.place) > 0) index -= 1;
  if (index === list.length) list.push(held);
  else list.splice(index, 0, held);
}

/** Reads everything held up to event time `until`. */
export function readHeld(runtime: SiteRuntime, until: number): void {
  const stream = streamOf(runtime);
  for (let first = runtime.held[0]; first !== undefined && first.place.at <= until; first = runtime.held[0]) {
    runtime.held.shift();
    // A snapshot taken at a boundary on the way to this report must not count it as read.
    runtime.pendingOffset = first.report.offset;
    readReport(stream, first.report);
    runtime.pendingOffset = Number.MAX_SAFE_INTEGER;
  }
}

/** A device may be a little ahead of its cadence. */
const CADENCE_SLACK = 0.1;
/** A device that was not heard for this many cadences is not waited for. */
const LIVELY_CADENCES = 2.5;

/**
 * Event time before which nothing more can come in order: every device that is alive has spoken for it, or is not due
 * before. What is held up to there is read at once, whatever the patience.
 * @param device that was heard just now; the others can only have held it up if they did before
 */
function safeTime(runtime: SiteRuntime, device: string): number {
  if (runtime.safe !== undefined && runtime.safe.device !== device) return runtime.safe.at;
  let at = Number.POSITIVE_INFINITY;
  let holder = '';
  for (const plan of runtime.plan.devices.values()) {
    const state = runtime.arrival.devices[plan.device.id];
    if (state === undefined || state.lastEnd === null || state.silentFrom === null) continue;
    const { everyMs } = plan.device;
    if (runtime.now - state.silentFrom > LIVELY_CADENCES * everyMs) continue;
    const next = state.lastEnd + everyMs * (1 - CADENCE_SLACK);
    if (next < at) {
      at = next;
      holder = plan.device.id;
    }
  }
  // The bound itself is still open.
  runtime.safe = { at: at - 1, device: holder };
  return runtime.safe.at;
}

const WIDEST_SPREAD_MS = MINUTE_MS;

/** A fresh report came after others had been read for want of it: from now on this site is waited for longer. */
function learnSpread(runtime: SiteRuntime, report: StreamReport): void {
  const { arrival } = runtime;
  if (report.resent || arrival.forcedAt === null) return;
  const neededMs = report.received - arrival.forcedAt;
  if (neededMs > WIDEST_SPREAD_MS || neededMs < 0) return;
  arrival.spreadMs = Math.min(WIDEST_SPREAD_MS, Math.max(arrival.spreadMs, neededMs * 1.25 + SECOND_MS));
}

/** How long a report is held at most for others of its site. */
function holdMs({ arrival, patience }: SiteRuntime): number {
  return Math.max(patience.holdMs, arrival.spreadMs);
}

function isBeyondHorizon(runtime: SiteRuntime, report: CheckedReport): boolean {
  const { siteTime } = runtime.arrival;
  return siteTime !== null && report.endAt < siteTime - runtime.patience.horizonMs;
}

function takeIn(runtime: SiteRuntime, report: StreamReport, isUnclear: boolean): void {
  const { arrival, outputs, patience, event } = runtime;
  const device = runtime.plan.devices.get(report.device);
  if (device === undefined) return;
  if (isBeyondHorizon(runtime, report)) {
    // Kept and shown, without new findings.
    keepSample(runtime, report, { revision: isUnclear ? 1 : 0 });
    count(outputs, 'beyond_horizon');
    except(runtime, report.offset, { kind: 'repeat' });
    return;
  }
  const place = reportPlace(report, device.tails);
  if (isUnclear) {
    noteLate(runtime, place, 'late-data', report.offset);
    return;
  }
  if (report.readings.length > 0) keepSample(runtime, report, { revision: 0 });
  if (comparePlaces(place, event.place) < 0) {
    learnSpread(runtime, report);
    noteLate(runtime, place, 'late-data');
    return;
  }
  arrival.siteTime = Math.max(arrival.siteTime ?? report.endAt, report.endAt);
  hold(runtime, { report, place });
  readHeld(runtime, Math.max(arrival.siteTime - patience.disorderMs, safeTime(runtime, report.device)));
}

/** A report that is not from the future, in the order of the log. */
export function admit(runtime: SiteRuntime, report: StreamReport): void {
  const { arrival, outputs } = runtime;
  const device = runtime.plan.devices.get(report.device);
  if (device === undefined) return;
  const state = deviceArrival(arrival, report.device);
  const recognition = recognise(state, report);
  // A first report, or the end of a silence, sets a deadline that was not counted yet.
  if (state.silentFrom === null || state.offline !== null || arrival.firstHeard === null)
    runtime.devicesDue = undefined;
  noteReport(device.device, state, { report, received: report.received }, runtime.arrivalScribe);
  // Stored data of long ago tell nothing about how long another device has been silent.
  arrival.firstHeard ??= report.received - report.endAt <= TIMELY_MS ? report.endAt : report.received;
  arrival.lastReceived = report.received;
  if (recognition === 'repeat') {
    count(outputs, 'repeats');
    except(runtime, report.offset, { kind: 'repeat' });
    return;
  }
  if (recognition === 'new') {
    noteLateness(report.device, state, { report, received: report.received }, runtime.arrivalScribe);
    if (state.hour?.late === 1) runtime.devicesDue = undefined;
    arrival.isLive = report.received - report.endAt <= LIVE_MS;
    count(outputs, 'stored');
  } else count(outputs, 'unclear');
  takeIn(runtime, report, recognition === 'unclear');
}

function quarantine(runtime: SiteRuntime, report: StreamReport, body: string): void {
  const { arrival, outputs } = runtime;
  const aheadMs = report.endAt - report.received;
  const isFar = aheadMs > DAY_MS;
  const seconds = Math.round(aheadMs / 1_000);
  outputs.deadLetters.push({
    id: `dl-${String(report.offset)}`,
    received: report.received,
    reason: isFar ? 'clock-far-future' : 'clock-future',
    detail: `the report is for ${String(seconds)} s after its receipt, at most 300 s are accepted; ${isFar ? 'set the clock and send it again' : 'it is taken in once its time has come'}`,
    topic: `stackwarden/v1/${report.site}/${report.device}/report`,
    payload: body,
    encoding: 'utf8',
    state: isFar ? 'kept' : 'quarantined',
  });
  count(outputs, isFar ? 'dead_letters' : 'quarantined');
  noteAhead(
    report.device,
    deviceArrival(arrival, report.device),
    { report, received: report.received },
    runtime.arrivalScribe,
  );
  if (isFar) {
    except(runtime, report.offset, { kind: 'repeat' });
    return;
  }
  except(runtime, report.offset, { kind: 'held' });
  arrival.quarantine.push({
    offset: report.offset,
    dueAt: report.endAt,
    body,
    device: report.device,
    received: report.received,
  });
}

/** A checked report of this site, as the next record of the log. */
export function arrive(runtime: SiteRuntime, report: StreamReport, body: string): void {
  beginBases(runtime);
  if (report.endAt - report.received > FUTURE_MS) {
    quarantine(runtime, report, body);
    return;
  }
  noteOnTime(report.device, deviceArrival(runtime.arrival, report.device), runtime.arrivalScribe);
  admit(runtime, report);
}

/** The silence of the whole site lets event time follow the clock: only where it was fresh before. */
function advanceDue(runtime: SiteRuntime): number | undefined {
  const { arrival } = runtime;
  if (!arrival.isLive || arrival.lastReceived === null || arrival.siteTime === null) return undefined;
  const from = Math.max(arrival.lastReceived, arrival.lastAdvance ?? 0);
  // The longer a site is silent, the less it matters to know within minutes that it still is.
  const step = from - arrival.lastReceived > 2 * DAY_MS ? HOUR_MS : ADVANCE_STEP_MS;
  return (Math.floor(from / step) + 1) * step + QUIET_MS;
}

/** When the site has to be looked at again without a report; undefined = never. */
export function nextWake(runtime: SiteRuntime): number | undefined {
  const { arrival, held, patience } = runtime;
  let next = advanceDue(runtime) ?? Number.POSITIVE_INFINITY;
  const patienceMs = holdMs(runtime);
  for (const { report } of held) next = Math.min(next, report.received + patienceMs);
  if (arrival.late !== null) next = Math.min(next, arrival.late.since + patience.gatherMs);
  for (const entry of arrival.quarantine) next = Math.min(next, entry.dueAt);
  // Reports only put a device's deadlines off: what was worked out last is never too late.
  next = Math.min(next, (runtime.devicesDue ??= devicesDue(runtime)));
  return Number.isFinite(next) ? next : undefined;
}

/** The earliest moment at which a device has been silent for too long, or its clock hour ends. */
function devicesDue({ arrival, plan, arrivalScribe }: SiteRuntime): number {
  const context = arrivalScribe.context(offline);
  let next = Number.POSITIVE_INFINITY;
  for (const { device } of plan.devices.values()) {
    const deadline = offlineDeadline(device, arrival, context);
    if (deadline !== undefined && deadline < next) next = deadline;
    const hour = arrival.devices[device.id]?.hour;
    if (hour !== null && hour !== undefined && hour.late > 0) next = Math.min(next, hour.start + HOUR_MS);
  }
  return next;
}

function wakeDevices(runtime: SiteRuntime, due: number): void {
  const { arrival, plan, arrivalScribe } = runtime;
  const context = arrivalScribe.context(offline);
  for (const { device } of plan.devices.values()) {
    const deadline = offlineDeadline(device, arrival, context);
    const state = deviceArrival(arrival, device.id);
    if (deadline !== undefined && deadline <= due)
      noteSilence(device, arrival, state, { deadline, scribe: arrivalScribe });
    if (state.hour !== null && state.hour.late > 0 && state.hour.start + HOUR_MS <= due)
      closeClockHour(device.id, state, arrivalScribe);
  }
}

/** Quarantined reports whose time has come, oldest first. */
export function takeQuarantined(
  runtime: SiteRuntime,
  due: number,
): readonly SiteRuntime['arrival']['quarantine'][number][] {
  const ready = runtime.arrival.quarantine.filter((entry) => entry.dueAt <= due);
  if (ready.length > 0) runtime.arrival.quarantine = runtime.arrival.quarantine.filter((entry) => entry.dueAt > due);
  return ready;
}

/** What fell due at `due`, rewinds and quarantine aside, which need the log or the decoder. */
export function wake(runtime: SiteRuntime, due: number): void {
  const { arrival } = runtime;
  const patienceMs = holdMs(runtime);
  let until: number | undefined;
  for (const { report, place } of runtime.held) {
    if (report.received + patienceMs > due || (until !== undefined && place.at <= until)) continue;
    until = place.at;
    arrival.forcedAt = report.received;
  }
  if (until !== undefined) readHeld(runtime, until);
  if (runtime.devicesDue === undefined || runtime.devicesDue <= due) {
    wakeDevices(runtime, due);
    runtime.devicesDue = undefined;
  }
  const advance = advanceDue(runtime);
  if (advance !== undefined && advance <= due) {
    arrival.lastAdvance = advance - QUIET_MS;
    if (runtime.held.length === 0) passTime(streamOf(runtime), advance - QUIET_MS);
  }
}
