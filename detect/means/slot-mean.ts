/**
 * The mean of a short clock-aligned slot of the running hour, from what the hour's sums have grown by since the slot
 * began: nothing has to be gathered a second time for it.
 */
import type { PartSet, PeriodCell } from './period-cell.ts';

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

function grownBy(set: PartSet, base: SlotBase): { count: number; sum: number; over: number } {
  for (let at = 0; at < base.length; at += NUMBERS_EACH) {
    if (base[at] !== set.partMs) continue;
    const [count = 0, sum = 0, over = 0] = base.slice(at + 1, at + NUMBERS_EACH);
    return { count: set.count - count, sum: set.sum - sum, over: set.overRange - over };
  }
  return { count: set.count, sum: set.sum, over: set.overRange };
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
    const { count, sum, over } = grownBy(set, base);
    if (count >= 0.75 * expected) return { mean: sum / count, valid: count, expected, overRange: over > 0 };
  }
  return undefined;
}
