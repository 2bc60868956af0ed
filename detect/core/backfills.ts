/**
 * Reports that come long after their time become `falsification.backfill`. Facts about arrival, in the order of the log,
 * never rewound.
 */
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import {
  beginRun,
  extendRun,
  initialBackfillState,
  initialPeriodArrivals,
  isLive,
  isWorthTellingFill,
  JOIN_MS,
  joins,
  mergeRuns,
  touches,
  type BackfillState,
  type FillRun,
  type LateReport,
  type PeriodArrivals,
} from '../rules/backfill-run.ts';
import { backfill } from '../rules/falsification.backfill.ts';
import { overLimit } from './backfill-touch.ts';
import { learnReport } from './backfill-habits.ts';
import { addToShapes, emitFill, retractFill } from './emit-fill.ts';
import type { ArrivingDevice, SiteRuntime } from './site-runtime.ts';
import type { StreamReport } from './stream-report.ts';

/** Below the smallest lateness that can be set nothing has to be looked up. */
const SURELY_IN_TIME_MS = 10 * MINUTE_MS;
/** What was added to a finding that is closed already is told after so long. */
const RETELL_MS = 10 * MINUTE_MS;

interface Arriving {
  readonly runtime: SiteRuntime;
  readonly device: ArrivingDevice;
  readonly state: BackfillState;
  /** Runs that gave way to another one in the reports at hand. */
  readonly replaced: FillRun[];
}

function arrivingOf(runtime: SiteRuntime, device: ArrivingDevice): Arriving {
  return { runtime, device, state: (device.state.backfill ??= initialBackfillState()), replaced: [] };
}

function arrivalsOf(state: BackfillState, periodMs: number): PeriodArrivals {
  return (state.periods[periodMs === 0 ? '0' : String(periodMs)] ??= initialPeriodArrivals());
}

function stepOf(device: ArrivingDevice, periodMs: number): number {
  return periodMs === 0 ? device.plan.device.everyMs : periodMs;
}

/** Numbers alone, as plain data. */
function toLate(report: CheckedReport, received: number, readings: readonly Reading[]): LateReport {
  const values = readings.flatMap(({ signal, value, flag, converted }) =>
    typeof value === 'number' && !Number.isNaN(value) ? [{ signal, value, flag, converted: converted ?? null }] : [],
  );
  const { ts, endAt, periodMs, resent } = report;
  return { ts, endAt, periodMs, received, resent, values };
}

function closeRun(arriving: Arriving, run: FillRun): void {
  const { told } = run;
  if (!run.isOpen && told !== null && told.count === run.count) return;
  run.isOpen = false;
  emitFill(arriving.runtime, arriving.device, run);
}

function addLate(arriving: Arriving, report: LateReport): void {
  const { device, state, runtime } = arriving;
  const stepMs = stepOf(device, report.periodMs);
  if (state.run !== null && !joins(state.run, report, stepMs)) {
    arriving.replaced.push(state.run);
    state.run = null;
  }
  if (state.run === null) runtime.devicesDue = undefined;
  const run = (state.run ??= beginRun(report, stepMs));
  extendRun(run, report, stepMs);
  addToShapes(runtime, device, arrivalsOf(state, report.periodMs), { run, report });
  const over = overLimit(device.plan, report);
  if (over !== undefined) {
    run.over ??= over;
    run.over.count += 1;
  }
}

/** The first report of a device that was never in time waits for the next one, which tells a clock from a backlog. */
function takePending(arriving: Arriving, arrivals: PeriodArrivals): void {
  const { pending } = arrivals;
  if (pending === null) return;
  arrivals.pending = null;
  addLate(arriving, pending);
}

function allowedMs(runtime: SiteRuntime, resent: boolean): number {
  return runtime.arrivalScribe.context(backfill).parameter(resent ? 'resentLateMs' : 'lateMs');
}

/** The report before was late by the clock as well: what was said of it alone is taken back. */
function noteClock(arriving: Arriving, arrivals: PeriodArrivals, report: LateReport): void {
  const { runtime, device, state } = arriving;
  arrivals.offsetMs = report.received - report.endAt;
  arrivals.pending = null;
  const { run } = state;
  if (run === null || run.told === null) return;
  if (run.count === 1) {
    retractFill(runtime, device, run);
    state.run = null;
  } else closeRun(arriving, run);
}

function noteLateReport(arriving: Arriving, report: LateReport): void {
  const { state, runtime } = arriving;
  const arrivals = arrivalsOf(state, report.periodMs);
  const lateMs = report.received - report.endAt;
  if (report.resent) {
    if (lateMs > allowedMs(runtime, true)) addLate(arriving, report);
    return;
  }
  const isClock = isLive(arrivals, report);
  const isFirst = arrivals.lastLate === null && arrivals.onTimeAt === null;
  arrivals.lastLate = { received: report.received, endAt: report.endAt };
  if (isClock) {
    noteClock(arriving, arrivals, report);
    return;
  }
  if (lateMs - arrivals.offsetMs <= allowedMs(runtime, false)) {
    // In time by the device's own clock.
    if (state.run?.isOpen === true) closeRun(arriving, state.run);
    return;
  }
  if (isFirst) {
    arrivals.pending = report;
    runtime.devicesDue = undefined;
    return;
  }
  takePending(arriving, arrivals);
  addLate(arriving, report);
}

/** What gave way may be next to what came: sent newest first, the older part came in the later message. */
function settleReplaced(arriving: Arriving): void {
  const { state, device, replaced } = arriving;
  for (const before of replaced) {
    const { run } = state;
    if (run === null || run === before || !touches(run, before, device.plan.device.everyMs)) {
      closeRun(arriving, before);
      continue;
    }
    if (before.told === null || run.told !== null) mergeRuns(run, before);
    else {
      mergeRuns(before, run);
      state.run = before;
    }
  }
  replaced.length = 0;
}

function tellRun(arriving: Arriving): void {
  settleReplaced(arriving);
  const { runtime, device, state } = arriving;
  const { run } = state;
  if (run === null) return;
  const isNewlyOver = run.over !== null && run.told?.over === false;
  if (isNewlyOver || isWorthTellingFill(run)) emitFill(runtime, device, run);
}

/** A report in time ends what was late before it. */
function endLate(arriving: Arriving, arrivals: PeriodArrivals, received: number): void {
  const { state } = arriving;
  if (arrivals.lastLate !== null) {
    arrivals.lastLate = null;
    arrivals.offsetMs = 0;
    takePending(arriving, arrivals);
    settleReplaced(arriving);
  }
  const { run } = state;
  if (run === null) return;
  const { told } = run;
  const hasGrown = told !== null && told.count < run.count && received - told.at >= RETELL_MS;
  if (run.isOpen || hasGrown) closeRun(arriving, run);
}

function noteInTime(
  device: ArrivingDevice,
  state: BackfillState,
  arrivals: PeriodArrivals,
  report: StreamReport,
): void {
  const { received, endAt } = report;
  const { onTimeEnd } = state;
  const silenceMs = Math.max(15 * MINUTE_MS, 3 * device.plan.device.everyMs);
  if (onTimeEnd !== null && endAt - onTimeEnd > silenceMs) state.silence = { from: onTimeEnd, to: endAt };
  if (onTimeEnd === null || endAt > onTimeEnd) state.onTimeEnd = endAt;
  arrivals.onTimeAt = received;
}

/** A report that is no repeat. `isNew`: certain to be one; else only the log can tell whether anything of it is. */
export function noteArrival(runtime: SiteRuntime, device: ArrivingDevice, report: StreamReport, isNew: boolean): void {
  if (report.readings.length === 0) return;
  const lateMs = report.received - report.endAt;
  if (lateMs > SURELY_IN_TIME_MS && lateMs > allowedMs(runtime, false)) {
    if (isNew) noteFilled(arrivingOf(runtime, device), toLate(report, report.received, report.readings));
    return;
  }
  // Sent again within what is allowed: neither late, nor a sign that the device speaks in time.
  if (report.resent) return;
  const state = (device.state.backfill ??= initialBackfillState());
  const arrivals = arrivalsOf(state, report.periodMs);
  if (isNew && lateMs <= SURELY_IN_TIME_MS && device.plan.outlets.length > 0)
    learnReport(arrivals, report, stepOf(device, report.periodMs));
  noteInTime(device, state, arrivals, report);
  if (state.run !== null || arrivals.lastLate !== null) endLate(arrivingOf(runtime, device), arrivals, report.received);
}

function noteFilled(arriving: Arriving, report: LateReport): void {
  noteLateReport(arriving, report);
  tellRun(arriving);
}

/** Something new in a report of which only the log could tell. */
export interface FilledReport {
  readonly report: CheckedReport;
  readonly received: number;
  readonly readings: readonly Reading[];
}

/** Late reports that the log showed to hold something new, told once for all of them, whatever order they were sent in. */
export function noteFills(runtime: SiteRuntime, filled: readonly FilledReport[]): void {
  const touched = new Set<Arriving>();
  const byDevice = new Map<string, Arriving>();
  for (const { report, received, readings } of [...filled].sort((a, b) => a.report.ts - b.report.ts)) {
    const device = runtime.devices.get(report.device);
    if (device === undefined) continue;
    const arriving = byDevice.get(report.device) ?? arrivingOf(runtime, device);
    byDevice.set(report.device, arriving);
    if (received - report.endAt <= allowedMs(runtime, false)) continue;
    noteLateReport(arriving, toLate(report, received, readings));
    touched.add(arriving);
  }
  for (const arriving of touched) tellRun(arriving);
}

/** When a run, or a report that waits for the next, is over with nothing more coming. */
export function fillDeadline(device: ArrivingDevice): number | undefined {
  const { backfill: state } = device.state;
  if (state === undefined) return undefined;
  let due = state.run === null ? Number.POSITIVE_INFINITY : state.run.lastReceived + JOIN_MS;
  for (const key in state.periods) {
    const pending = state.periods[key]?.pending;
    if (pending !== null && pending !== undefined) due = Math.min(due, pendingDue(device, pending));
  }
  return Number.isFinite(due) ? due : undefined;
}

/** A device that reports every hour shows its clock an hour later. */
function pendingDue(device: ArrivingDevice, pending: LateReport): number {
  return pending.received + Math.max(JOIN_MS, 1.5 * stepOf(device, pending.periodMs));
}

/** Nothing more came for as long as it takes. */
export function closeFills(runtime: SiteRuntime, device: ArrivingDevice, due: number): void {
  const { backfill: state } = device.state;
  if (state === undefined) return;
  const arriving = arrivingOf(runtime, device);
  for (const arrivals of Object.values(state.periods)) {
    if (arrivals.pending !== null && pendingDue(device, arrivals.pending) <= due) takePending(arriving, arrivals);
  }
  settleReplaced(arriving);
  const { run } = state;
  if (run === null || run.lastReceived + JOIN_MS > due) return;
  closeRun(arriving, run);
  state.run = null;
}
