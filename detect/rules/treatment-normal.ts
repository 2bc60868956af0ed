/**
 * What a stage of treatment normally draws at each load of production: learned, by load, with slow forgetting.
 *
 * Loads are put into bins half an octave wide, so that a fan on an inverter is compared with itself at like load.
 */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import {
  initialLevelHistogram,
  learnLevel,
  medianLevel,
  shareBelow,
  type LevelHistogram,
} from '../means/level-histogram.ts';

/** By load bin; one combination of units that are on. Part of snapshots. */
export interface NormalDraw {
  loads: Record<number, LevelHistogram>;
  /** Joint running time learned. */
  ms: number;
}

/** What is expected at a load. */
export interface Expected {
  readonly kW: number;
  /** Of the load that it was taken from. */
  readonly histogram: LevelHistogram;
}

const LOAD_BINS_PER_OCTAVE = 2;
/** A load is known once this much was learned at it. */
const NEEDED_AT_LOAD_MS = 3 * HOUR_MS;
/** And anything is said at all once this much was learned altogether. */
const NEEDED_MS = 12 * HOUR_MS;
/** Fans that follow the load draw at most as its cube (affinity laws): never expect more of a smaller load. */
const AFFINITY_EXPONENT = 3;

export function initialNormalDraw(): NormalDraw {
  return { loads: {}, ms: 0 };
}

function loadBin(loadKw: number): number {
  return Math.round(Math.log2(loadKw) * LOAD_BINS_PER_OCTAVE);
}

/** @param loadKw power of the line's production, above zero */
export function learnDraw(normal: NormalDraw, loadKw: number, drawKw: number, at: { ms: number; day: number }): void {
  if (!(loadKw > 0) || !(drawKw > 0)) return;
  const histogram = (normal.loads[loadBin(loadKw)] ??= initialLevelHistogram());
  learnLevel(histogram, drawKw, at.ms, at.day);
  normal.ms = Math.min(NEEDED_MS, normal.ms + at.ms);
}

export function isLearned(normal: NormalDraw): boolean {
  return normal.ms >= NEEDED_MS;
}

interface Known {
  readonly bin: number;
  readonly histogram: LevelHistogram;
}

/** The nearest known load below, else the nearest above. */
function nearestKnown(normal: NormalDraw, bin: number): Known | undefined {
  let below: Known | undefined;
  let above: Known | undefined;
  for (const [key, histogram] of Object.entries(normal.loads)) {
    if (histogram.weight < NEEDED_AT_LOAD_MS) continue;
    const other = Number(key);
    if (other < bin && (below === undefined || other > below.bin)) below = { bin: other, histogram };
    if (other > bin && (above === undefined || other < above.bin)) above = { bin: other, histogram };
  }
  return below ?? above;
}

/** What the stage draws at least in usual at this load; `undefined` while that cannot be said. */
export function expectedDraw(normal: NormalDraw, loadKw: number): Expected | undefined {
  if (!isLearned(normal) || !(loadKw > 0)) return undefined;
  const bin = loadBin(loadKw);
  const own = normal.loads[bin];
  if (own !== undefined && own.weight >= NEEDED_AT_LOAD_MS) return expectedFrom({ bin, histogram: own }, bin);
  const known = nearestKnown(normal, bin);
  return known === undefined ? undefined : expectedFrom(known, bin);
}

function expectedFrom({ bin, histogram }: Known, at: number): Expected | undefined {
  const median = medianLevel(histogram);
  if (median === undefined) return undefined;
  const ratio = bin > at ? 2 ** ((at - bin) / LOAD_BINS_PER_OCTAVE) : 1;
  return { kW: median * ratio ** AFFINITY_EXPONENT, histogram };
}

/** Share of the learned time in which less than a level was drawn, 0 to 1. */
export function shareOfTimeBelow({ histogram }: Expected, levelKw: number): number {
  return shareBelow(histogram, levelKw);
}
