/**
 * A day or another period longer than an hour while it fills: its parts are hours.
 *
 * A day is valid when at least 20 of its hours are valid or not operating, other periods with 75 % of their hours;
 * the mean is the unweighted mean of the valid, operating, unexcused hours, of a day at least four (contract 4).
 */
import type { Average } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { JudgedPeriod } from './judged-period.ts';

/** Part of snapshots. */
export interface LongCell {
  start: number | null;
  /** Valid, operating, unexcused hours with a known value. */
  count: number;
  sum: number;
  measuredSum: number;
  laterSum: number;
  hasLater: boolean;
  /** Hours not operating or excused: they neither count nor lack. */
  resting: number;
  /** Holds an hour whose value is the least that it can be. */
  lowerBound: boolean;
  overRange: boolean;
  o2Sum: number;
  o2Count: number;
  device: string;
}

export function createLongCell(): LongCell {
  return {
    start: null,
    count: 0,
    sum: 0,
    measuredSum: 0,
    laterSum: 0,
    hasLater: false,
    resting: 0,
    lowerBound: false,
    overRange: false,
    o2Sum: 0,
    o2Count: 0,
    device: '',
  };
}

export const DAY: Average = { text: 'P1D', ms: DAY_MS, months: 0 };
const FEWEST_DAY_HOURS = 20;
const FEWEST_MEAN_HOURS = 4;

/** Start of the period of this average that contains the instant. */
export function longStart(time: LocalTime, average: Average, at: number): number {
  if (average.months > 0) return monthsStart(time, average.months, at);
  const day = time.dayStart(at);
  if (average.ms <= DAY_MS) return day + Math.floor((at - day) / average.ms) * average.ms;
  const localDay = Math.floor((day + time.offsetMinutes(day) * MINUTE_MS) / DAY_MS);
  const first = Math.floor(localDay / (average.ms / DAY_MS)) * (average.ms / DAY_MS);
  return time.dayStart(day - (localDay - first) * DAY_MS + DAY_MS / 2);
}

function monthsStart(time: LocalTime, months: number, at: number): number {
  if (months % 12 === 0) return time.yearStart(at);
  let start = time.monthStart(at);
  let month = Math.round((start - time.yearStart(start)) / (30.5 * DAY_MS));
  while (month % months !== 0) {
    start = time.monthStart(start - DAY_MS);
    month -= 1;
  }
  return start;
}

/** End of the period that begins at `start`. */
export function longEnd(time: LocalTime, average: Average, start: number): number {
  if (average.months > 0) {
    let end = start;
    for (let month = 0; month < average.months; month += 1) end = time.monthStart(end + 32 * DAY_MS);
    return end;
  }
  if (average.ms < DAY_MS) return start + average.ms;
  let end = start;
  for (let day = 0; day < average.ms / DAY_MS; day += 1) end = time.dayEnd(end);
  return end;
}

/** Takes in a judged hour; an hour with an unknown value counts neither way. */
export function addHour(cell: LongCell, start: number, hour: JudgedPeriod, isStandard: boolean): void {
  if (cell.start === null) {
    cell.start = start;
    cell.device = hour.device;
  }
  if (hour.operating === false || hour.excuse !== null) {
    cell.resting += 1;
    return;
  }
  // A conversion with assumed O2 is a bound, not a value; an over-range value counts at face value.
  if (!hour.valid || hour.value === null || hour.mean === null || hour.assumedO2 !== null) return;
  addValue(cell, hour, { value: hour.value, measured: hour.mean });
  if (isStandard && hour.o2 !== null) {
    cell.o2Sum += hour.o2;
    cell.o2Count += 1;
  }
}

function addValue(cell: LongCell, hour: JudgedPeriod, of: { value: number; measured: number }): void {
  cell.count += 1;
  cell.sum += of.value;
  cell.measuredSum += of.measured;
  cell.laterSum += hour.later ?? of.value;
  cell.hasLater ||= hour.later !== null;
  cell.lowerBound ||= hour.lowerBound;
  cell.overRange ||= hour.overRange;
}

export interface LongPeriod {
  readonly average: Average;
  readonly start: number;
  readonly end: number;
}

function hoursOf(period: LongPeriod): number {
  return Math.round((period.end - period.start) / HOUR_MS);
}

/** Whether enough of the period's hours are known, standstill and excused ones included. */
export function hasEnoughHours(cell: LongCell, period: LongPeriod): boolean {
  const known = cell.count + cell.resting;
  if (period.average.ms === DAY_MS) return known >= FEWEST_DAY_HOURS;
  return known >= 0.75 * hoursOf(period);
}

interface LongMeans {
  readonly mean: number | null;
  readonly value: number | null;
  readonly later: number | null;
  readonly o2: number | null;
}

function meansOf(cell: LongCell, isValid: boolean): LongMeans {
  const o2 = cell.o2Count > 0 ? cell.o2Sum / cell.o2Count : null;
  if (!isValid) return { mean: null, value: null, later: null, o2 };
  const { count } = cell;
  return {
    mean: cell.measuredSum / count,
    value: cell.sum / count,
    later: cell.hasLater ? cell.laterSum / count : null,
    o2,
  };
}

/** Ends the period. */
export function closeLongCell(
  cell: LongCell,
  period: LongPeriod,
  facts: {
    readonly outlet: string;
    readonly signal: string;
    readonly isConverted: boolean;
    readonly device: string;
  },
): JudgedPeriod {
  const hasEnough = hasEnoughHours(cell, period);
  const valid = hasEnough && cell.count >= (period.average.ms === DAY_MS ? FEWEST_MEAN_HOURS : 1);
  const means = meansOf(cell, valid);
  return {
    outlet: facts.outlet,
    device: cell.device === '' ? facts.device : cell.device,
    signal: facts.signal,
    average: period.average.text,
    start: period.start,
    end: period.end,
    valid,
    ...means,
    converted: facts.isConverted ? means.value : null,
    lowerBound: cell.lowerBound,
    assumedO2: null,
    overRange: cell.overRange,
    // With an hour or two of work among standstill a day has no mean either, and is unknown.
    operating: !(hasEnough && cell.count === 0 && cell.resting > 0),
    excuse: null,
    parts: { valid: cell.count + cell.resting, expected: hoursOf(period), unit: 'hours' },
    source: 'samples',
    ownMean: null,
    ownConverted: null,
  };
}
