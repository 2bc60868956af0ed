/** Energy as the integral of power, with how far the instants between which it is drawn may mislead. */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { usualAfter } from './usual-level.ts';

/** Part of snapshots. */
export interface EnergySum {
  /** Since the register moved last: energy by power, and the time that it covers. */
  powerKwh: number;
  coveredMs: number;
  /** Of the running hour: sum of squared bends of the power × time (kWh²), of squared lengths (h²), and the peak. */
  bends: number;
  lengths: number;
  peakKw: number;
  isRegained: boolean;
  /** The last two instants' power, for the trapezoid and the bend; null = no neighbour. */
  lastKw: number | null;
  earlierKw: number | null;
  lastEnd: number;
  lastMs: number;
  /** Usual squared bend of neighbouring instants, kW². */
  usualBend: number;
  usualKw: number;
}

export function initialEnergySum(): EnergySum {
  return {
    powerKwh: 0,
    coveredMs: 0,
    bends: 0,
    lengths: 0,
    peakKw: 0,
    isRegained: false,
    lastKw: null,
    earlierKw: null,
    lastEnd: 0,
    lastMs: 0,
    usualBend: 0,
    usualKw: 0,
  };
}

export function beginHour(sum: EnergySum): void {
  sum.bends = 0;
  sum.lengths = 0;
  sum.peakKw = 0;
  sum.isRegained = false;
}

/** A covered span of a meter. */
export interface PowerSpan {
  readonly start: number;
  readonly end: number;
  /** Mean of a period; else the power at its start. */
  readonly isPeriod: boolean;
}

const BEND_MEMORY = 1 / 240;

/** Adds the energy of a span. Instants are joined by straight lines: what is beyond the earlier value comes with the next. */
export function addPower(sum: EnergySum, span: PowerSpan, powerKw: number): void {
  const lengthMs = span.end - span.start;
  const length = lengthMs / HOUR_MS;
  sum.powerKwh += powerKw * length;
  sum.coveredMs += lengthMs;
  sum.usualKw = usualAfter(sum.usualKw, powerKw, lengthMs);
  if (powerKw > sum.peakKw) sum.peakKw = powerKw;
  if (powerKw < 0) sum.isRegained = true;
  if (span.isPeriod) {
    sum.lastKw = null;
    return;
  }
  const isNext = sum.lastKw !== null && sum.lastEnd === span.start;
  if (isNext) {
    const lastKw = sum.lastKw as number;
    const lastLength = sum.lastMs / HOUR_MS;
    sum.powerKwh += ((powerKw - lastKw) * lastLength) / 2;
    if (sum.earlierKw !== null) {
      const bend = powerKw - 2 * lastKw + sum.earlierKw;
      sum.bends += (bend * lastLength) ** 2;
      sum.usualBend += (bend * bend - sum.usualBend) * BEND_MEMORY;
    }
  }
  sum.lengths += length ** 2;
  sum.earlierKw = isNext ? sum.lastKw : null;
  sum.lastKw = powerKw;
  sum.lastEnd = span.end;
  sum.lastMs = lengthMs;
}

/** Standard deviation of the hour's integral: of uncorrelated instants the bend has six times the variance of each. */
export function swingKwh(sum: EnergySum): number {
  return Math.sqrt(Math.max(sum.bends, sum.usualBend * sum.lengths) / 6);
}
