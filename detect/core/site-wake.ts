/** What a site has to do without a report: when, and what. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { offline } from '../rules/quality.offline.ts';
import { closeClockHour, noteSilence, offlineDeadline } from './arrival-facts.ts';
import { deviceArrival } from './arrival-state.ts';
import { closeFills, fillDeadline } from './backfills.ts';
import { passTime } from './read-report.ts';
import type { SiteRuntime } from './site-runtime.ts';
import { holdMs, readHeld, streamOf } from './waiting.ts';

const QUIET_MS = MINUTE_MS;
const ADVANCE_STEP_MS = 5 * MINUTE_MS;

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
function devicesDue({ arrival, plan, devices, arrivalScribe }: SiteRuntime): number {
  const context = arrivalScribe.context(offline);
  let next = Number.POSITIVE_INFINITY;
  for (const { device } of plan.devices.values()) {
    const deadline = offlineDeadline(device, arrival, context);
    if (deadline !== undefined && deadline < next) next = deadline;
    const hour = arrival.devices[device.id]?.hour;
    if (hour !== null && hour !== undefined && hour.late > 0) next = Math.min(next, hour.start + HOUR_MS);
  }
  for (const device of devices.values()) next = Math.min(next, fillDeadline(device) ?? next);
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
  for (const device of runtime.devices.values()) closeFills(runtime, device, due);
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
