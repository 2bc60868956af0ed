/**
 * What the finer data of a device come to in the periods that it also makes means of itself: ten and fifteen minutes,
 * gathered only for devices that send such means, and the hours of its day. The hour's own cell serves for the hour.
 */
import type { Reading } from '../../contracts/report-reading.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { StreamReport } from '../core/stream-report.ts';
import { feedCell } from './feed-outlet.ts';
import { createCell, type CellMean, type PeriodCell } from './period-cell.ts';

/** A running window of one length. */
interface OwnWindow {
  start: number | null;
  cells: Record<string, PeriodCell>;
}

/** Valid hours of one signal in the running day. */
export interface DayTally {
  start: number;
  /** Hours that are valid, or in which the plant stood. */
  known: number;
  /** Valid hours: all, those at work, those at work that nothing excuses. */
  counts: [number, number, number];
  sums: [number, number, number];
  min: number;
  max: number;
  /** The valid parts of those hours, each for itself. */
  parts: number;
  partSum: number;
}

/** One device. Part of snapshots. */
export interface OwnWindows {
  /** Its first report: what it made a mean of before is not known. */
  heard: number;
  /** Last own mean by length. */
  sent: Record<string, number>;
  /** Until when any window is gathered. */
  windowsUntil: number;
  windows: Record<string, OwnWindow>;
  days: Record<string, DayTally>;
}

export const WINDOW_LENGTHS_MS: readonly number[] = [10 * MINUTE_MS, 15 * MINUTE_MS];
/** A device that sends means shows it by then. */
const TRIAL_MS = 30 * MINUTE_MS;
const DAY_TRIAL_MS = 2 * DAY_MS;
const KEEP_MS = 3 * DAY_MS;

export function createOwnWindows(heard: number): OwnWindows {
  return { heard, sent: {}, windowsUntil: heard + TRIAL_MS, windows: {}, days: {} };
}

function isTracked(state: OwnWindows, periodMs: number, at: number): boolean {
  const trialMs = periodMs === DAY_MS ? DAY_TRIAL_MS : TRIAL_MS;
  if (at - state.heard < trialMs) return true;
  const last = state.sent[periodMs];
  return last !== undefined && at - last < KEEP_MS;
}

/** The window that the report lies in; a new one where it is not the running one. */
function windowAt(state: OwnWindows, periodMs: number, start: number): OwnWindow {
  const window = (state.windows[periodMs] ??= { start, cells: {} });
  if (window.start !== start) {
    window.start = start;
    for (const signal of Object.keys(window.cells)) window.cells[signal] = createCell(periodMs);
  }
  return window;
}

/** Takes in a report that is finer than the windows. */
export function feedWindows(
  state: OwnWindows,
  report: StreamReport,
  at: { readonly hourStart: number; readonly everyMs: number },
  isCompared: (reading: Reading) => boolean,
): void {
  if (report.ts >= state.windowsUntil) {
    for (const periodMs in state.windows) Reflect.deleteProperty(state.windows, periodMs);
    return;
  }
  for (const periodMs of WINDOW_LENGTHS_MS) {
    if (report.periodMs >= periodMs) continue;
    if (!isTracked(state, periodMs, report.ts)) {
      Reflect.deleteProperty(state.windows, periodMs);
      continue;
    }
    const start = at.hourStart + Math.floor((report.ts - at.hourStart) / periodMs) * periodMs;
    const { cells } = windowAt(state, periodMs, start);
    for (const reading of report.readings) {
      if (!isCompared(reading)) continue;
      const cell = (cells[reading.signal] ??= createCell(periodMs));
      feedCell(cell, report, reading, { start, everyMs: at.everyMs });
    }
  }
}

export function noteOwnMean(state: OwnWindows, report: StreamReport): void {
  state.sent[report.periodMs] = report.ts;
  if (WINDOW_LENGTHS_MS.includes(report.periodMs))
    state.windowsUntil = Math.max(state.windowsUntil, report.ts + KEEP_MS);
}

export function windowCell(state: OwnWindows, periodMs: number, signal: string): PeriodCell | undefined {
  return state.windows[periodMs]?.cells[signal];
}

function createTally(start: number): DayTally {
  return { start, known: 0, counts: [0, 0, 0], sums: [0, 0, 0], min: 0, max: 0, parts: 0, partSum: 0 };
}

function addHour(day: DayTally, mean: number, validParts: number): void {
  if (day.counts[0] === 0 || mean < day.min) day.min = mean;
  if (day.counts[0] === 0 || mean > day.max) day.max = mean;
  day.parts += validParts;
  day.partSum += mean * validParts;
}

function addTo(day: DayTally, kind: 0 | 1 | 2, mean: number): void {
  day.counts[kind] += 1;
  day.sums[kind] += mean;
}

/** Takes in an hour of the device as it closed. */
export function tallyHour(
  state: OwnWindows,
  hour: { readonly signal: string; readonly mean: CellMean; readonly dayStart: number; readonly start: number },
  was: { readonly operating: boolean; readonly excused: boolean },
): void {
  const { signal, dayStart } = hour;
  const { mean, parts } = hour.mean;
  if (!isTracked(state, DAY_MS, hour.start)) {
    Reflect.deleteProperty(state.days, signal);
    return;
  }
  let day = state.days[signal];
  if (day?.start !== dayStart) day = state.days[signal] = createTally(dayStart);
  if (mean !== null || !was.operating) day.known += 1;
  if (mean === null) return;
  addHour(day, mean, parts.valid);
  addTo(day, 0, mean);
  if (was.operating) addTo(day, 1, mean);
  if (was.operating && !was.excused) addTo(day, 2, mean);
}

/** The day's hours are all that a day's mean of the device can have been made of. */
export function isWholeDay(start: number, end: number): boolean {
  return end - start === DAY_MS;
}

/** Hours of a whole day. */
export const DAY_HOURS = DAY_MS / HOUR_MS;
