/**
 * The mass that an outlet emits in an hour: measured dry standard mean (not converted) × mean flow. A missing hour is
 * substituted as HJ 75-2017 does, by how much of the quarter is valid and how long the gap has lasted; every hour
 * carries the code of its method.
 */
import type { MassFlow } from '../../contracts/mass-flow.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { captureShare, countDueHour, createCaptureRate, type CaptureRate } from './capture-rate.ts';
import type { HourMass, JudgedPeriod } from './judged-period.ts';
import { addMass, createMassPeaks, largestOfLast, type MassPeaks } from './mass-peaks.ts';

/** When which substitution holds: parameters of `limit.total`. */
export interface SubstitutionTerms {
  /** Valid hours below which nothing is substituted. */
  readonly fewestHours: number;
  /** A gap up to this long takes the largest of 180 hours, a longer one of 720. */
  readonly shortGapMs: number;
  readonly goodRatePercent: number;
  readonly leastRatePercent: number;
  /** Hours of a quarter from which on its rate stands alone. */
  readonly hoursAlone: number;
}

/** An hour whose value may still change, since its gap may become a long one. */
export interface WaitingHour {
  readonly kg: number;
  /** Its mean as it was written down. */
  readonly period: JudgedPeriod;
}

/** Of one signal of an outlet. Part of snapshots. */
export interface MassHistory {
  peaks: MassPeaks;
  rate: CaptureRate;
  /** Since when the measurement fails, and the hours substituted as a short gap. */
  gap: { readonly from: number; waiting: WaitingHour[] } | null;
}

export function createMassHistory(): MassHistory {
  return { peaks: createMassPeaks(), rate: createCaptureRate(), gap: null };
}

/** What is known of an hour before anything is substituted. */
export interface HourFacts {
  readonly period: JudgedPeriod;
  readonly quarterStart: number;
  /** kg; null: the mean or the flow is not valid. */
  readonly measuredKg: number | null;
  /** Known to stand, by its meters or by an accepted mark. */
  readonly isStopped: boolean;
}

/** Kg of an hour; null unless mean and flow are valid. Noise below zero is no negative emission. */
export function measuredMass(
  hour: JudgedPeriod,
  flow: Pick<JudgedPeriod, 'valid' | 'mean'> | undefined,
  massFlow: MassFlow,
): number | null {
  if (!hour.valid || hour.mean === null || flow?.valid !== true || flow.mean === null) return null;
  return Math.max(0, hour.mean) * Math.max(0, flow.mean) * massFlow.kgPerHour;
}

const UNKNOWN: HourMass = { kg: null, method: 'unknown' };

function substitute(history: MassHistory, gapMs: number, terms: SubstitutionTerms): HourMass {
  const share = captureShare(history.rate, terms.hoursAlone);
  if (history.peaks.count < terms.fewestHours || share < terms.leastRatePercent / 100) return UNKNOWN;
  const hours = share < terms.goodRatePercent / 100 ? 2160 : gapMs > terms.shortGapMs ? 720 : 180;
  const kg = largestOfLast(history.peaks, hours);
  return kg === undefined ? UNKNOWN : { kg, method: `max${hours}` };
}

/** A missing hour. Without terms nothing is substituted. */
function missingMass(history: MassHistory, { period }: HourFacts, terms: SubstitutionTerms | null): HourMass {
  const gap = (history.gap ??= { from: period.start, waiting: [] });
  const mass = terms === null ? UNKNOWN : substitute(history, period.end - gap.from, terms);
  if (mass.kg !== null && mass.method === 'max180') gap.waiting.push({ kg: mass.kg, period: { ...period, mass } });
  return mass;
}

export interface SettledHour {
  readonly beforeKg: number;
  /** With its mass as it stands from now on. */
  readonly period: JudgedPeriod & { readonly mass: HourMass };
}

/** The gap has become a long one: all of its hours take the largest of 720. */
function settleLongGap(history: MassHistory, end: number, terms: SubstitutionTerms): readonly SettledHour[] {
  const { gap } = history;
  if (gap === null || gap.waiting.length === 0 || end - gap.from <= terms.shortGapMs) return [];
  // Nothing was valid since the failure: the last hours before it are the last there are.
  const kg = largestOfLast(history.peaks, 720);
  if (kg === undefined) return [];
  const settled = gap.waiting.map(({ kg: beforeKg, period }) => ({
    beforeKg,
    period: { ...period, mass: { kg, method: 'max720' as const, isRevised: true } },
  }));
  gap.waiting = [];
  return settled;
}

export interface WeighedHour {
  readonly mass: HourMass;
  /** Earlier hours of the gap that came out differently by it. */
  readonly settled: readonly SettledHour[];
}

/**
 * The mass of the next hour. A gap lasts until the next hour with a valid measurement; hours of standstill in between
 * are 0 and do not end it, for they do not show that the instrument works.
 * @param terms null where no substitution is laid down (waste water)
 */
export function weighHour(history: MassHistory, facts: HourFacts, terms: SubstitutionTerms | null): WeighedHour {
  const { period, measuredKg, isStopped } = facts;
  if (!isStopped) countDueHour(history.rate, facts.quarterStart, measuredKg !== null);
  if (measuredKg !== null) history.gap = null;
  let mass: HourMass;
  if (isStopped) mass = { kg: 0, method: 'stopped' };
  else if (measuredKg === null) mass = missingMass(history, facts, terms);
  else {
    addMass(history.peaks, measuredKg);
    mass = { kg: measuredKg, method: 'measured' };
  }
  return { mass, settled: terms === null ? [] : settleLongGap(history, period.start + HOUR_MS, terms) };
}
