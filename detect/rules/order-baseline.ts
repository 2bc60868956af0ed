/**
 * What a line used in each clock hour before an order: the days that an order to reduce is measured against.
 *
 * Only days free of orders that reach the line count, with at least 20 valid hours; the last 14 of them before the
 * order, at least 3, looking back 90 days (contract 5). A few more are kept, for an order entered late.
 */
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';

/** An hour of which nothing is known. */
const UNKNOWN = -1;
const HOURS_OF_DAY = 24;
const NEEDED_HOURS = 20;
const NEEDED_DAYS = 3;
const MOST_DAYS = 14;
const KEPT_DAYS = 21;
const LOOK_BACK_MS = 90 * DAY_MS;

/** Part of snapshots; kWh to two decimals, -1 = unknown. */
export interface BaselineHistory {
  /** `[day start, 24 × kWh]`, oldest first. */
  days: number[][];
  /** The day that is running. */
  day: number | null;
  hours: number[];
  isFree: boolean;
}

export interface LearnedBaseline {
  /** Days that it was made of. */
  readonly days: number;
  /** Mean kWh by clock hour; null = none of the days knows it. */
  readonly hours: readonly (number | null)[];
}

export function initialBaselineHistory(): BaselineHistory {
  return { days: [], day: null, hours: [], isFree: true };
}

/** Which clock hour of its day an hour is; the 25th of a day whose clock was set back counts for nothing. */
export function clockHour(start: number, dayStart: number): number | undefined {
  const index = Math.floor((start - dayStart) / HOUR_MS);
  return index >= 0 && index < HOURS_OF_DAY ? index : undefined;
}

function closeDay(history: BaselineHistory): void {
  const { day, hours, isFree } = history;
  if (day === null || !isFree) return;
  let valid = 0;
  for (const kWh of hours) if (kWh !== UNKNOWN) valid += 1;
  if (valid < NEEDED_HOURS) return;
  history.days.push([day, ...hours]);
  if (history.days.length > KEPT_DAYS) history.days.shift();
}

/**
 * Learns a clock hour of the line.
 * @param hour `isFree`: no order reached the line in it; `kWh` null = unknown
 */
export function learnHour(
  history: BaselineHistory,
  hour: { readonly start: number; readonly kWh: number | null; readonly isFree: boolean },
  time: LocalTime,
): void {
  const dayStart = time.dayStart(hour.start);
  if (history.day !== dayStart) {
    closeDay(history);
    history.day = dayStart;
    history.hours = new Array<number>(HOURS_OF_DAY).fill(UNKNOWN);
    history.isFree = true;
  }
  if (!hour.isFree) history.isFree = false;
  const index = clockHour(hour.start, dayStart);
  if (index !== undefined && hour.kWh !== null) history.hours[index] = Math.round(hour.kWh * 100) / 100;
}

/** The days that an order beginning at `fromAt` is measured against, `[day start, 24 × kWh]`, -1 = unknown. */
export function daysBefore(history: BaselineHistory, fromAt: number, time: LocalTime): readonly (readonly number[])[] {
  return history.days
    .filter(([day = 0]) => day >= fromAt - LOOK_BACK_MS && time.dayEnd(day) <= fromAt)
    .slice(-MOST_DAYS);
}

/** The mean of the same clock hours before an order; `undefined` with too few days. */
export function baselineBefore(history: BaselineHistory, fromAt: number, time: LocalTime): LearnedBaseline | undefined {
  const days = daysBefore(history, fromAt, time);
  if (days.length < NEEDED_DAYS) return undefined;
  const hours = Array.from({ length: HOURS_OF_DAY }, (_, index) => {
    const known = days.flatMap((day) => {
      const kWh = day[index + 1];
      return kWh === undefined || kWh === UNKNOWN ? [] : [kWh];
    });
    return known.length === 0 ? null : known.reduce((sum, kWh) => sum + kWh, 0) / known.length;
  });
  return { days: days.length, hours };
}
