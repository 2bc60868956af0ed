/**
 * Whether a meter's machine was on: its power against the threshold of the registry, or a learned one.
 */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { Reading } from '../../contracts/report-reading.ts';

/** What is remembered to learn a threshold and to make power of a register. Part of snapshots. */
export interface MeterMemory {
  /** Register and its instant, kWh and epoch ms. */
  register: { readonly kWh: number; readonly at: number } | null;
  /** Counts of power values by tenth powers of two (log2 × 2), for meters without a threshold. */
  histogram: number[];
  /** Values counted since the threshold was last worked out. */
  unlearned: number;
  learnedOn: number | null;
  /** Samples of the running minute, for meters faster than a minute. */
  minute: { readonly start: number; samples: number } | null;
  /** The register at the last full hours, `[hour, kWh …]`; not there where none is reported. */
  hourRegisters?: number[];
}

const BINS = 48;
/** kW at the lower edge of the first bin: a sixteenth. */
const FIRST_EXPONENT = -4;
const RELEARN_EVERY = 240;
/** Start threshold of practice: 20 % of rated power (range 10–30 %). */
const RATED_SHARE = 0.2;

export function initialMeterMemory(): MeterMemory {
  return { register: null, histogram: [], unlearned: 0, learnedOn: null, minute: null };
}

/** A meter's value counts only when nothing is wrong with it. */
function isNormal(reading: Reading): boolean {
  return reading.flag === 'N' || reading.flag === 'T';
}

/**
 * kW of a report: its `power`, or the register's growth since the last report; `undefined` where neither is valid.
 */
export function reportPower(
  memory: MeterMemory,
  report: { readonly endAt: number; readonly readings: readonly Reading[] },
): number | undefined {
  let power: number | undefined;
  let energy: number | undefined;
  for (const reading of report.readings) {
    if (typeof reading.value !== 'number' || Number.isNaN(reading.value) || !isNormal(reading)) continue;
    if (reading.signal === 'power') power = reading.value;
    else if (reading.signal === 'energy') energy = reading.value;
  }
  if (energy === undefined) return power;
  const before = memory.register;
  memory.register = { kWh: energy, at: report.endAt };
  if (power !== undefined || before === null || report.endAt <= before.at || energy < before.kWh) return power;
  return ((energy - before.kWh) * 3_600_000) / (report.endAt - before.at);
}

/** Where two groups of a histogram part best (Otsu 1979: greatest variance between the groups); undefined for one group. */
function parting(histogram: readonly number[]): number | undefined {
  let total = 0;
  let weighted = 0;
  histogram.forEach((count, bin) => {
    total += count;
    weighted += count * bin;
  });
  let below = 0;
  let belowWeighted = 0;
  let best = 0;
  let at: number | undefined;
  for (let bin = 0; bin < histogram.length - 1; bin += 1) {
    below += histogram[bin] ?? 0;
    belowWeighted += (histogram[bin] ?? 0) * bin;
    const above = total - below;
    if (below < 0.02 * total || above < 0.02 * total) continue;
    const gap = (weighted - belowWeighted) / above - belowWeighted / below;
    const between = below * above * gap * gap;
    // Standby and work lie at least a factor of two apart (two bins).
    if (gap >= 2 && between > best) {
      best = between;
      at = bin + 1;
    }
  }
  return at;
}

/** Learns from one value of a meter that has no threshold in the registry. */
export function learnPower(memory: MeterMemory, powerKw: number): void {
  if (memory.histogram.length === 0) memory.histogram = new Array<number>(BINS).fill(0);
  const bin = powerKw <= 0 ? 0 : Math.round((Math.log2(powerKw) - FIRST_EXPONENT) * 2);
  const index = Math.min(BINS - 1, Math.max(0, bin));
  memory.histogram[index] = (memory.histogram[index] ?? 0) + 1;
  memory.unlearned += 1;
  if (memory.unlearned < RELEARN_EVERY) return;
  memory.unlearned = 0;
  const at = parting(memory.histogram);
  memory.learnedOn = at === undefined ? null : 2 ** (at / 2 + FIRST_EXPONENT);
}

/** kW from which the machine counts as on; `undefined` = cannot be said yet. */
export function onThreshold(
  memory: MeterMemory,
  meter: { readonly on: number | undefined; readonly rated: number | undefined },
): number | undefined {
  if (meter.on !== undefined) return meter.on;
  if (memory.learnedOn !== null) return memory.learnedOn;
  return meter.rated === undefined ? undefined : RATED_SHARE * meter.rated;
}

/** Counts a sample of a minute; true once the minute has 75 % of what the cadence promises (contract 4). */
export function countSample(memory: MeterMemory, minuteStart: number, everyMs: number): boolean {
  if (everyMs >= MINUTE_MS) return true;
  if (memory.minute?.start !== minuteStart) memory.minute = { start: minuteStart, samples: 0 };
  memory.minute.samples += 1;
  return memory.minute.samples >= 0.75 * Math.floor(MINUTE_MS / everyMs);
}
