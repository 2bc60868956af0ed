/** The masses of the last local days: what the pace of a period is taken from. */
import { DAY_MS } from '../../contracts/time/instant.ts';
import type { HourMass } from './judged-period.ts';

/** Part of snapshots. */
export interface DailyMass {
  /** Start of the local day. */
  readonly day: number;
  kg: number;
  /** Hours of it whose mass is known. */
  known: number;
}

/** As many days as may be looked back on, and one for a day of 25 hours. */
const KEPT_DAYS = 32;

export function addToDay(days: DailyMass[], day: number, mass: HourMass): void {
  let last = days[days.length - 1];
  if (last?.day !== day) {
    last = { day, kg: 0, known: 0 };
    days.push(last);
    if (days.length > KEPT_DAYS) days.shift();
  }
  if (mass.kg === null) return;
  last.kg += mass.kg;
  last.known += 1;
}

/** An hour of a day that is over or running came out differently by this much. */
export function settleDay(days: readonly DailyMass[], day: number, kg: number): void {
  const found = days.findLast((entry) => entry.day === day);
  if (found !== undefined) found.kg += kg;
}

export interface Pace {
  /** Days with enough known hours. */
  readonly days: number;
  /** Mean of them, kg a day. */
  readonly dailyKg: number;
}

/**
 * Mean daily mass of the days in [from, to) of which at least `leastHours` hours are known.
 * @param leastHours of a day of 24; a day of 23 or 25 hours needs as many
 */
export function paceOf(
  days: readonly DailyMass[],
  span: { readonly from: number; readonly to: number },
  leastHours: number,
): Pace {
  let seen = 0;
  let kg = 0;
  for (const entry of days) {
    if (entry.day < span.from || entry.day >= span.to || entry.known < leastHours) continue;
    seen += 1;
    kg += entry.kg;
  }
  return { days: seen, dailyKg: seen === 0 ? 0 : kg / seen };
}

/** Days, with their fraction, from one instant to another. */
export function daysBetween(from: number, to: number): number {
  return (to - from) / DAY_MS;
}
