/**
 * What an outlet has emitted of one signal in one calendar period of a cap: the sum of its hourly masses, measured and
 * substituted apart, and how many hours of each method it rests on.
 */
import { MASS_METHODS, type MassMethod } from '../../contracts/mean.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { SettledHour } from './emission-mass.ts';
import type { HourMass } from './judged-period.ts';

/** Part of snapshots. */
export interface EmissionTotal {
  /** The later of the calendar period's begin and the cap's. */
  readonly start: number;
  /** Exclusive; the earlier of the calendar period's end and the cap's. */
  end: number;
  /** First hour that was counted: before it nothing was ever heard, or the signal was not counted yet. */
  readonly from: number;
  /** End of the last hour that was counted. */
  to: number;
  measuredKg: number;
  substitutedKg: number;
  hours: Record<MassMethod, number>;
  /** Measured hours in which mean or flow was over its range: their masses are lower bounds. */
  overRangeHours: number;
}

export function createEmissionTotal(span: { start: number; end: number }, from: number): EmissionTotal {
  const hours = Object.fromEntries(MASS_METHODS.map((method) => [method, 0])) as Record<MassMethod, number>;
  return { ...span, from, to: from, measuredKg: 0, substitutedKg: 0, hours, overRangeHours: 0 };
}

/** The next hour. Hours that were left out between two, such as those without an instrument, are unknown. */
export function addHourMass(
  total: EmissionTotal,
  hour: { readonly start: number; readonly mass: HourMass; readonly isOverRange: boolean },
): void {
  const { mass } = hour;
  if (hour.start > total.to) total.hours.unknown += Math.round((hour.start - total.to) / HOUR_MS);
  total.to = hour.start + HOUR_MS;
  total.hours[mass.method] += 1;
  if (mass.kg === null) return;
  if (mass.method !== 'measured') {
    total.substitutedKg += mass.kg;
    return;
  }
  total.measuredKg += mass.kg;
  if (hour.isOverRange) total.overRangeHours += 1;
}

export function liesIn(total: EmissionTotal, start: number): boolean {
  return start >= total.from && start < total.end;
}

/** A substituted hour of the period came out differently. */
export function settleHour(total: EmissionTotal, { beforeKg, period }: SettledHour): void {
  total.hours.max180 -= 1;
  total.hours[period.mass.method] += 1;
  total.substitutedKg += (period.mass.kg ?? 0) - beforeKg;
}

export function totalKg(total: EmissionTotal): number {
  return total.measuredKg + total.substitutedKg;
}

/** Hours of the period before the first that was counted. */
export function hoursBefore(total: EmissionTotal): number {
  return Math.floor((total.from - total.start) / HOUR_MS);
}

/** Whether more may have been emitted than is known. */
export function isLowerBound(total: EmissionTotal): boolean {
  return hoursBefore(total) > 0 || total.hours.unknown > 0 || total.overRangeHours > 0;
}

/** More than this share above a cap is no rounding of sums. */
const SUM_ERROR = 1e-9;

/** Whether kg pass a cap. Sums of thousands of hours are exact to some 12 digits: what is within that is at the cap. */
export function passes(kg: number, capTonnes: number): boolean {
  return kg - capTonnes * 1_000 > capTonnes * 1_000 * SUM_ERROR;
}
