/** What arrival itself tells: silence (`quality.offline`) and wrong clocks (`quality.clock`). In the order of the log. */
import type { Device } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { clock } from '../rules/quality.clock.ts';
import { offline } from '../rules/quality.offline.ts';
import type { RuleContext } from '../rules/rule.ts';
import type { Scribe } from './scribe.ts';
import type { StreamReport } from './stream-report.ts';
import type { ArrivalState, ClockRun, DeviceArrival } from './arrival-state.ts';

/** A report counts from its own time where it came in time, else from its receipt. */
export const TIMELY_MS = 10 * MINUTE_MS;

/** How long the device may be silent. */
function silenceMs(device: Device, context: RuleContext): number {
  return Math.max(context.parameter('silenceMs'), context.parameter('cadences') * device.everyMs);
}

function emitOffline(device: Device, state: DeviceArrival, context: RuleContext, end: number | null): void {
  const found = state.offline;
  if (found === null) return;
  context.emit({
    rule: offline,
    subject: { device: device.id },
    startAt: found.start,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: found.detectedAt,
    severity: 'low',
    confidence: 1,
    evidence: {
      device: device.id,
      since: context.time.format(found.start),
      neededMinutes: silenceMs(device, context) / MINUTE_MS,
      neverReported: found.neverReported,
      ...(end === null ? {} : { minutes: (end - found.start) / MINUTE_MS }),
    },
  });
}

/** The moment after which the device's silence is too long; undefined while there is nothing to wait for. */
export function offlineDeadline(device: Device, arrival: ArrivalState, context: RuleContext): number | undefined {
  const state = arrival.devices[device.id];
  if (state !== undefined && state.offline !== null) return undefined;
  const from = state?.silentFrom ?? arrival.firstHeard;
  return from === null ? undefined : from + silenceMs(device, context);
}

/** The deadline has passed without a report. */
export function noteSilence(
  device: Device,
  arrival: ArrivalState,
  state: DeviceArrival,
  at: { deadline: number; scribe: Scribe },
): void {
  const context = at.scribe.context(offline);
  const start = state.lastEnd ?? arrival.firstHeard;
  if (start === null) return;
  const neverReported = state.lastEnd === null;
  state.offline = { start: state.silentFrom ?? start, detectedAt: at.deadline, neverReported };
  emitOffline(device, state, context, null);
}

/** A report came: whatever silence there was is over. */
export function noteReport(device: Device, state: DeviceArrival, report: StreamReport, scribe: Scribe): void {
  const { received } = report;
  if (state.offline !== null) {
    emitOffline(device, state, scribe.context(offline), Math.max(received, state.offline.start));
    state.offline = null;
  }
  const isTimely = received - report.endAt <= TIMELY_MS;
  state.lastEnd = state.lastEnd === null ? report.endAt : Math.max(state.lastEnd, report.endAt);
  state.silentFrom = isTimely ? Math.max(state.silentFrom ?? report.endAt, report.endAt) : received;
}

function emitClock(
  device: string,
  run: ClockRun,
  at: { context: RuleContext; isOpen: boolean; direction: 'ahead' | 'behind' },
): void {
  const { context } = at;
  context.emit({
    rule: clock,
    subject: { device },
    startAt: run.first,
    endAt: at.isOpen ? null : run.last,
    state: at.isOpen ? 'open' : 'closed',
    detectedAt: run.detectedAt,
    severity: at.direction === 'ahead' ? 'medium' : 'low',
    confidence: 1,
    discriminator: at.direction,
    evidence: {
      device,
      direction: at.direction,
      since: context.time.format(run.first),
      last: context.time.format(run.last),
      count: run.count,
      minutes: run.worstMs / MINUTE_MS,
    },
  });
}

/** A report from the future was quarantined. */
export function noteAhead(device: string, state: DeviceArrival, report: StreamReport, scribe: Scribe): void {
  const { received } = report;
  const ms = report.endAt - received;
  state.ahead ??= { first: received, last: received, detectedAt: received, count: 0, worstMs: 0 };
  state.ahead.last = received;
  state.ahead.count += 1;
  state.ahead.worstMs = Math.max(state.ahead.worstMs, ms);
  emitClock(device, state.ahead, { context: scribe.context(clock), isOpen: true, direction: 'ahead' });
}

/** A report whose clock is not ahead ends the run of those that were. */
export function noteOnTime(device: string, state: DeviceArrival, scribe: Scribe): void {
  if (state.ahead === null) return;
  emitClock(device, state.ahead, { context: scribe.context(clock), isOpen: false, direction: 'ahead' });
  state.ahead = null;
}

/** Ends the clock hour: late when more than half of its fresh reports were, which is what the median says. */
export function closeClockHour(device: string, state: DeviceArrival, scribe: Scribe): void {
  const { hour } = state;
  if (hour === null) return;
  state.hour = null;
  const context = scribe.context(clock);
  if (hour.late * 2 > hour.count) {
    state.behind ??= { first: hour.first, last: hour.last, detectedAt: hour.start + HOUR_MS, count: 0, worstMs: 0 };
    state.behind.last = hour.last;
    state.behind.count += hour.late;
    state.behind.worstMs = Math.max(state.behind.worstMs, hour.worstMs);
    emitClock(device, state.behind, { context, isOpen: true, direction: 'behind' });
  } else if (state.behind !== null) {
    emitClock(device, state.behind, { context, isOpen: false, direction: 'behind' });
    state.behind = null;
  }
}

/** Counts how late a fresh report is. Resent ones are honest about it and do not count. */
export function noteLateness(device: string, state: DeviceArrival, report: StreamReport, scribe: Scribe): void {
  const { received } = report;
  if (report.resent) return;
  const start = Math.floor(received / HOUR_MS) * HOUR_MS;
  if (state.hour !== null && state.hour.start !== start) closeClockHour(device, state, scribe);
  const lateMs = received - report.endAt;
  // Below its smallest value the parameter need not be looked up.
  const isLate = lateMs > MINUTE_MS && lateMs > scribe.context(clock).parameter('lateMs');
  state.hour ??= { start, count: 0, late: 0, first: received, last: received, worstMs: 0 };
  state.hour.count += 1;
  if (!isLate) return;
  if (state.hour.late === 0) state.hour.first = received;
  state.hour.late += 1;
  state.hour.last = received;
  state.hour.worstMs = Math.max(state.hour.worstMs, lateMs);
}
