/**
 * The mean of a short clock-aligned slot of the running hour, from what the hour's sums have grown by since the slot
 * began: nothing has to be gathered a second time for it.
 */
import type { PeriodCell } from './period-cell.ts';

/** What the hour's parts came to when the slot began, four numbers for each length: ms, count, sum, over range. */
export type SlotBase = number[];

export interface SlotMean {
  readonly mean: number;
  readonly valid: number;
  readonly expected: number;
  readonly overRange: boolean;
}

const NUMBERS_EACH = 4;

export function slotBase(cell: PeriodCell | undefined, hourStart: number): SlotBase {
  if (cell === undefined || cell.start !== hourStart) return [];
  const base: SlotBase = [];
  for (const { partMs, count, sum, overRange } of cell.sets) base.push(partMs, count, sum, overRange);
  return base;
}

/** Where the numbers of parts of this length stand; -1: there were none yet. */
function placeOf(base: SlotBase, partMs: number): number {
  for (let at = 0; at < base.length; at += NUMBERS_EACH) if (base[at] === partMs) return at;
  return -1;
}

/** Number of a length's row in the base; 0 where there was none yet. */
function before(base: SlotBase, at: number, offset: number): number {
  return at < 0 ? 0 : (base[at + offset] as number);
}

/** Of the finest parts that fit the slot, with at least 75 % of them valid. */
export function slotMean(
  cell: PeriodCell | undefined,
  base: SlotBase,
  at: { readonly hourStart: number; readonly slotMs: number },
): SlotMean | undefined {
  if (cell === undefined || cell.start !== at.hourStart) return undefined;
  for (const set of cell.sets) {
    if (at.slotMs % set.partMs !== 0) continue;
    const expected = at.slotMs / set.partMs;
    const row = placeOf(base, set.partMs);
    const valid = set.count - before(base, row, 1);
    if (valid < 0.75 * expected) continue;
    const overRange = set.overRange > before(base, row, 3);
    return { mean: (set.sum - before(base, row, 2)) / valid, valid, expected, overRange };
  }
  return undefined;
}
