/**
 * What a quantity usually is: a histogram of its logarithm that forgets slowly. A few numbers instead of the series.
 *
 * Old weight fades with each day on which something is learned, not with the calendar: a plant that stood for a month
 * still knows what it was like.
 */

/** Part of snapshots: bins and weights as `[bin, weight, bin, weight …]`, ascending; whole numbers only. */
export interface LevelHistogram {
  bins: number[];
  /** Sum of the weights. */
  weight: number;
  /** The last local day on which something was learned. */
  day: number | null;
}

/** Bins are an eighth of an octave wide: 9 %. */
const BINS_PER_OCTAVE = 8;
/** A day's weight is halved within 14 further days of learning: what is usual follows the last month. */
const FADE_PER_DAY = 0.5 ** (1 / 14);

export function initialLevelHistogram(): LevelHistogram {
  return { bins: [], weight: 0, day: null };
}

function binOf(value: number): number {
  return Math.floor(Math.log2(value) * BINS_PER_OCTAVE);
}

function fade(histogram: LevelHistogram): void {
  const kept: number[] = [];
  let weight = 0;
  for (let at = 0; at < histogram.bins.length; at += 2) {
    const left = Math.round((histogram.bins[at + 1] as number) * FADE_PER_DAY);
    if (left === 0) continue;
    kept.push(histogram.bins[at] as number, left);
    weight += left;
  }
  histogram.bins = kept;
  histogram.weight = weight;
}

/**
 * Learns that the quantity was `value` for a while.
 * @param value above zero; anything else is no level
 * @param weight a whole number, such as milliseconds
 */
export function learnLevel(histogram: LevelHistogram, value: number, weight: number, dayStart: number): void {
  if (!(value > 0) || weight <= 0) return;
  if (histogram.day !== dayStart) {
    if (histogram.day !== null) fade(histogram);
    histogram.day = dayStart;
  }
  const { bins } = histogram;
  const bin = binOf(value);
  let at = 0;
  while (at < bins.length && (bins[at] as number) < bin) at += 2;
  if (bins[at] === bin) bins[at + 1] = (bins[at + 1] as number) + weight;
  else bins.splice(at, 0, bin, weight);
  histogram.weight += weight;
}

/** The level that half of the weight lies below; `undefined` where nothing was learned. */
export function medianLevel(histogram: LevelHistogram): number | undefined {
  const { bins, weight } = histogram;
  let below = 0;
  for (let at = 0; at < bins.length; at += 2) {
    const own = bins[at + 1] as number;
    if (below + own >= weight / 2) {
      const share = (weight / 2 - below) / own;
      return 2 ** (((bins[at] as number) + share) / BINS_PER_OCTAVE);
    }
    below += own;
  }
  return undefined;
}

/** Share of the weight in bins that lie wholly below a level, 0 to 1. */
export function shareBelow(histogram: LevelHistogram, level: number): number {
  const { bins, weight } = histogram;
  if (weight === 0 || !(level > 0)) return 0;
  const limit = binOf(level);
  let below = 0;
  for (let at = 0; at < bins.length && (bins[at] as number) < limit; at += 2) below += bins[at + 1] as number;
  return below / weight;
}
