/**
 * The largest of the last 180, 720 and 2,160 valid hourly masses, from one short list.
 *
 * An hour that a later, larger one follows is never the largest again in any of the three: only the others are kept,
 * in falling order. Usually that is some ten entries of 2,160.
 */

/** Part of snapshots. */
export interface MassPeaks {
  /** Valid hours so far. */
  count: number;
  /** Which of them, counted from 0, and its kg; falling. */
  peaks: [number, number][];
}

const LONGEST_WINDOW = 2160;

export function createMassPeaks(): MassPeaks {
  return { count: 0, peaks: [] };
}

export function addMass(state: MassPeaks, kg: number): void {
  const { peaks } = state;
  while (peaks.length > 0 && (peaks[peaks.length - 1] as [number, number])[1] <= kg) peaks.pop();
  peaks.push([state.count, kg]);
  state.count += 1;
  const oldest = state.count - LONGEST_WINDOW;
  while ((peaks[0] as [number, number])[0] < oldest) peaks.shift();
}

/** The largest of the last `hours` valid ones, or of as many as there are; undefined: there is none. */
export function largestOfLast(state: MassPeaks, hours: 180 | 720 | typeof LONGEST_WINDOW): number | undefined {
  const oldest = state.count - hours;
  for (const [index, kg] of state.peaks) if (index >= oldest) return kg;
  return undefined;
}
