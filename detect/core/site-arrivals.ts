/**
 * A report arrives at its site: repeat, future, late or new; what is new waits a moment for its neighbours and is
 * then read in stream order.
 */
import type { Sample } from '../../contracts/ports/detection-store.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { noteAhead, noteLateness, noteOnTime, noteReport, TIMELY_MS } from './arrival-facts.ts';
import { noteArrival, noteFills } from './backfills.ts';
import type { DeviceArrival, Exception, LateGathering } from './arrival-state.ts';
import { recognise } from './identity.ts';
import { count } from './outputs.ts';
import type { ArrivingDevice, SiteRuntime } from './site-runtime.ts';
import { beginBases } from './snapshots.ts';
import type { StreamReport } from './stream-report.ts';
import { comparePlaces, reportPlace, type Place } from './stream-order.ts';
import { hold, learnSpread, readHeld, safeTime } from './waiting.ts';

const FUTURE_MS = 5 * MINUTE_MS;
const LIVE_MS = HOUR_MS;

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

function isBeyondHorizon(runtime: SiteRuntime, report: CheckedReport): boolean {
  const { siteTime } = runtime.arrival;
  return siteTime !== null && report.endAt < siteTime - runtime.patience.horizonMs;
}

function takeIn(runtime: SiteRuntime, { plan }: ArrivingDevice, report: StreamReport, isUnclear: boolean): void {
  const { arrival, outputs, patience, event } = runtime;
  if (isBeyondHorizon(runtime, report)) {
    // Kept and shown, without new findings.
    keepSample(runtime, report, { revision: isUnclear ? 1 : 0 });
    if (isUnclear) {
      count(outputs, 'unclear', -1);
      count(outputs, 'stored');
      noteFills(runtime, [{ report, received: report.received, readings: report.readings }]);
    }
    count(outputs, 'beyond_horizon');
    except(runtime, report.offset, { kind: 'repeat' });
    return;
  }
  const place = reportPlace(report, plan.tails);
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
  readHeld(runtime, Math.max(arrival.siteTime - patience.disorderMs, safeTime(runtime)));
}

/** A report that is not from the future, in the order of the log. */
export function admit(runtime: SiteRuntime, report: StreamReport): void {
  const { arrival, outputs } = runtime;
  const device = runtime.devices.get(report.device);
  if (device === undefined) return;
  const { state } = device;
  const recognition = recognise(state, report);
  // A first report, or the end of a silence, sets a deadline that was not counted yet.
  if (state.silentFrom === null || state.offline !== null || arrival.firstHeard === null)
    runtime.devicesDue = undefined;
  noteReport(device.plan.device, state, report, runtime.arrivalScribe);
  // Stored data of long ago tell nothing about how long another device has been silent.
  arrival.firstHeard ??= report.received - report.endAt <= TIMELY_MS ? report.endAt : report.received;
  arrival.lastReceived = report.received;
  if (recognition === 'repeat') {
    count(outputs, 'repeats');
    except(runtime, report.offset, { kind: 'repeat' });
    return;
  }
  noteLateness(device.plan.device.id, state, report, runtime.arrivalScribe);
  if (state.hour?.late === 1) runtime.devicesDue = undefined;
  noteArrival(runtime, device, report, recognition === 'new');
  if (recognition === 'new') {
    arrival.isLive = report.received - report.endAt <= LIVE_MS;
    count(outputs, 'stored');
  } else count(outputs, 'unclear');
  takeIn(runtime, device, report, recognition === 'unclear');
}

function quarantine(runtime: SiteRuntime, state: DeviceArrival, report: StreamReport, body: string): void {
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
  noteAhead(report.device, state, report, runtime.arrivalScribe);
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
  const device = runtime.devices.get(report.device);
  if (device === undefined) return;
  if (report.endAt - report.received > FUTURE_MS) {
    quarantine(runtime, device.state, report, body);
    return;
  }
  noteOnTime(report.device, device.state, runtime.arrivalScribe);
  admit(runtime, report);
}
