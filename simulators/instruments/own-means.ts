/** Means that a device makes itself beside its minutes (自报均值): of its valid minutes, as HJ 212-2017 C.17 has them. */
import type { Flag } from '../../contracts/signals.ts';
import { roundToStep, type DeviceReport, type OwnMeans } from './device-report.ts';

/** Share of the minutes that must be valid; else the mean is flagged D and the reason is lost. */
const VALID_SHARE = 0.75;
const AIR_O2_PERCENT = 21;

interface Sums {
  sum: number;
  min: number;
  max: number;
  valid: number;
  seen: number;
}

function isValid(flag: Flag | undefined): boolean {
  return flag === undefined || flag === 'N' || flag === 'T';
}

function addUp(parts: readonly DeviceReport[]): ReadonlyMap<string, Sums> {
  const bySignal = new Map<string, Sums>();
  for (const { values, flags } of parts) {
    for (const [signal, value] of Object.entries(values)) {
      if (typeof value !== 'number') continue;
      let sums = bySignal.get(signal);
      if (sums === undefined) {
        sums = { sum: 0, min: Infinity, max: -Infinity, valid: 0, seen: 0 };
        bySignal.set(signal, sums);
      }
      sums.seen += 1;
      if (!isValid(flags[signal])) continue;
      sums.sum += value;
      sums.min = Math.min(sums.min, value);
      sums.max = Math.max(sums.max, value);
      sums.valid += 1;
    }
  }
  return bySignal;
}

/** The mean of one signal; with too few valid minutes it is still told, under flag D. */
function statisticsOf(means: OwnMeans, signal: string, sums: Sums, meanO2: number): Record<string, number> {
  const step = means.stepOf(signal) / 10;
  const mean = sums.sum / sums.valid;
  const reference = means.o2ReferencePercent;
  const converts = reference !== undefined && means.isConverted(signal) && meanO2 < AIR_O2_PERCENT - 0.5;
  const factor = reference === undefined ? 1 : (AIR_O2_PERCENT - reference) / (AIR_O2_PERCENT - meanO2);
  return {
    avg: roundToStep(mean, step),
    min: roundToStep(sums.min, means.stepOf(signal)),
    max: roundToStep(sums.max, means.stepOf(signal)),
    ...(converts ? { converted: roundToStep(mean * factor, step) } : {}),
  };
}

/**
 * The report of a period that ends now.
 * @param parts what the device said in it, minute by minute; missing minutes are missing
 * @param seq the count of this report
 * @returns `undefined` where there is nothing to make a mean of
 */
export function makeOwnMean(
  means: OwnMeans,
  parts: readonly DeviceReport[],
  endAt: number,
  seq: number,
): DeviceReport | undefined {
  const bySignal = addUp(parts);
  const oxygen = bySignal.get('o2');
  const meanO2 = oxygen === undefined || oxygen.valid === 0 ? AIR_O2_PERCENT : oxygen.sum / oxygen.valid;
  const values: Record<string, Record<string, number>> = {};
  const flags: Record<string, Flag> = {};
  for (const [signal, sums] of bySignal) {
    if (sums.valid === 0) continue;
    values[signal] = statisticsOf(means, signal, sums, meanO2);
    if (sums.valid < VALID_SHARE * means.expected) flags[signal] = 'D';
  }
  if (Object.keys(values).length === 0) return undefined;
  const tsAt = endAt - means.periodMs;
  const shared = { isResent: false, mark: undefined, parameters: undefined };
  return { tsAt, periodMs: means.periodMs, values, flags, seq, ...shared };
}
