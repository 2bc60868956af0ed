/**
 * Late reports of one device, in the order of the log: which of them belong together, and which are late only because
 * the device's clock is.
 */
import type { Severity } from '../../contracts/finding.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { joinShapes, type ChannelHabit, type FillShape } from './fill-shape.ts';

/** A value of a late report that is a number. */
export interface LateValue {
  readonly signal: string;
  readonly value: number;
  readonly flag: string;
  readonly converted: number | null;
}

/** A report that came late with something new in it, as plain data. */
export interface LateReport {
  readonly ts: number;
  readonly endAt: number;
  readonly periodMs: number;
  readonly received: number;
  readonly resent: boolean;
  readonly values: readonly LateValue[];
}

/** The first value over a limit, and how many there are. */
export interface OverLimit {
  readonly signal: string;
  readonly value: number;
  readonly limit: number;
  readonly at: number;
  count: number;
}

/** Reports next to each other in event time, sent within the hour. Part of snapshots. */
export interface FillRun {
  /** Begin of the first one that was told: the finding's start. */
  start: number;
  /** Earliest begin, where older ones came later. */
  from: number;
  end: number;
  readonly detectedAt: number;
  readonly firstReceived: number;
  lastReceived: number;
  count: number;
  resent: number;
  leastLateMs: number;
  mostLateMs: number;
  /** The one signal that it is about; null: several. */
  readonly signal: string | null;
  over: OverLimit | null;
  /** By period and signal. */
  shapes: Record<string, FillShape>;
  told: { readonly count: number; readonly at: number; readonly severity: Severity; readonly over: boolean } | null;
  isOpen: boolean;
}

/** Reports of one period length. */
export interface PeriodArrivals {
  /** Receipt of the last one that came in time; null: none ever did. */
  onTimeAt: number | null;
  lastLate: { readonly received: number; readonly endAt: number } | null;
  /** By how much the device's clock is behind, ms; 0 = it is not. */
  offsetMs: number;
  /** The first report ever was late: whether by its clock, the next one tells. */
  pending: LateReport | null;
  /** Signals in the order of the last report, with their habits. */
  signals: string[];
  habits: ChannelHabit[];
  lastTs: number;
  /** The last gap: values right before and after it, by signal. */
  gap: { readonly from: number; readonly to: number; readonly ends: Record<string, [number, number]> } | null;
}

/** Of one device. Part of snapshots. */
export interface BackfillState {
  /** By period in ms, as text. */
  periods: Record<string, PeriodArrivals>;
  /** Last event time that was heard in time, of any period; null: none ever. */
  onTimeEnd: number | null;
  /** Last silence: event times of the reports around it. */
  silence: { readonly from: number; readonly to: number } | null;
  run: FillRun | null;
}

export function initialBackfillState(): BackfillState {
  return { periods: {}, onTimeEnd: null, silence: null, run: null };
}

export function initialPeriodArrivals(): PeriodArrivals {
  return {
    onTimeAt: null,
    lastLate: null,
    offsetMs: 0,
    pending: null,
    signals: [],
    habits: [],
    lastTs: 0,
    gap: null,
  };
}

/** A clock that is behind keeps the cadence: of a backlog, reports come much faster than they were made, or much later. */
const LIVE_SHARE = 0.8;
const LIVE_SLACK_MS = MINUTE_MS;

/** It came as long after the one before as it was made after it: the device is live, and its clock is behind. */
export function isLive(arrivals: PeriodArrivals, report: LateReport): boolean {
  const { lastLate, onTimeAt } = arrivals;
  if (lastLate === null || report.resent) return false;
  // With a report in time in between it is not the clock.
  if (onTimeAt !== null && onTimeAt >= lastLate.received) return false;
  const madeMs = report.endAt - lastLate.endAt;
  const cameMs = report.received - lastLate.received;
  return madeMs > 0 && cameMs >= LIVE_SHARE * madeMs && cameMs <= madeMs / LIVE_SHARE + LIVE_SLACK_MS;
}

/** Ms for which a run may be added to. */
export const JOIN_MS = HOUR_MS;

/** Whether the report lies next to the run in event time and was sent within the hour. */
export function joins(run: FillRun, report: LateReport, stepMs: number): boolean {
  if (report.received - run.lastReceived > JOIN_MS) return false;
  const end = report.periodMs === 0 ? report.ts + stepMs : report.endAt;
  return report.ts <= run.end + stepMs / 2 && end >= run.from - stepMs / 2;
}

export function beginRun(report: LateReport, stepMs: number): FillRun {
  const [first, second] = report.values;
  return {
    start: report.ts,
    from: report.ts,
    end: report.periodMs === 0 ? report.ts + stepMs : report.endAt,
    detectedAt: report.endAt,
    firstReceived: report.received,
    lastReceived: report.received,
    count: 0,
    resent: 0,
    leastLateMs: report.received - report.endAt,
    mostLateMs: 0,
    signal: first !== undefined && second === undefined ? first.signal : null,
    over: null,
    shapes: {},
    told: null,
    isOpen: true,
  };
}

/** Whether two runs overlap or touch in event time, and were sent within the hour of each other. */
export function touches(run: FillRun, other: FillRun, stepMs: number): boolean {
  const isNear = run.from <= other.end + stepMs / 2 && other.from <= run.end + stepMs / 2;
  const isSoon = run.firstReceived - other.lastReceived <= JOIN_MS;
  return isNear && isSoon;
}

/** `earlier` was sent first and may lie before or after in event time; it keeps its name and takes in the other. */
export function mergeRuns(earlier: FillRun, later: FillRun): void {
  const isOlder = later.from < earlier.from;
  for (const [key, shape] of Object.entries(later.shapes)) {
    const known = earlier.shapes[key];
    earlier.shapes[key] = known === undefined ? shape : isOlder ? joinShapes(shape, known) : joinShapes(known, shape);
  }
  if (earlier.over === null) earlier.over = later.over;
  else earlier.over.count += later.over?.count ?? 0;
  earlier.from = Math.min(earlier.from, later.from);
  earlier.end = Math.max(earlier.end, later.end);
  earlier.lastReceived = Math.max(earlier.lastReceived, later.lastReceived);
  earlier.count += later.count;
  earlier.resent += later.resent;
  earlier.leastLateMs = Math.min(earlier.leastLateMs, later.leastLateMs);
  earlier.mostLateMs = Math.max(earlier.mostLateMs, later.mostLateMs);
  earlier.isOpen = later.isOpen;
}

export function extendRun(run: FillRun, report: LateReport, stepMs: number): void {
  const lateMs = report.received - report.endAt;
  run.from = Math.min(run.from, report.ts);
  run.end = Math.max(run.end, report.periodMs === 0 ? report.ts + stepMs : report.endAt);
  run.lastReceived = Math.max(run.lastReceived, report.received);
  run.count += 1;
  if (report.resent) run.resent += 1;
  run.leastLateMs = Math.min(run.leastLateMs, lateMs);
  run.mostLateMs = Math.max(run.mostLateMs, lateMs);
}

/** A growing backlog is told when it has doubled, and once an hour of receipt. */
export function isWorthTellingFill(run: FillRun): boolean {
  const { told } = run;
  return told === null || run.count >= 2 * told.count || run.lastReceived - told.at >= HOUR_MS;
}
