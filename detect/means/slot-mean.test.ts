import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { addPart, createCell, type PeriodCell } from './period-cell.ts';
import { slotBase, slotMean } from './slot-mean.ts';

const START = 1_000 * HOUR_MS;
const SLOT = { hourStart: START, slotMs: 10 * MINUTE_MS };

function add(cell: PeriodCell, partMs: number, values: readonly (number | 'T')[], from = 0): void {
  values.forEach((said, index) => {
    const span = { ts: START + (from + index) * partMs, partMs, everyMs: MINUTE_MS };
    const value = said === 'T' ? 100 : said;
    addPart(cell, START, span, { value, overRange: said === 'T', laterDelta: 0, converted: undefined });
  });
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('a slot of the running hour', () => {
  it('is what the sums have grown by', () => {
    const cell = createCell(HOUR_MS);
    add(cell, MINUTE_MS, times(10, 20));
    const base = slotBase(cell, START);
    add(cell, MINUTE_MS, times(10, 50), 10);
    expect(slotMean(cell, base, SLOT)).toEqual({ mean: 50, valid: 10, expected: 10, overRange: false });
  });

  it('needs three quarters of its own parts', () => {
    const cell = createCell(HOUR_MS);
    add(cell, MINUTE_MS, times(10, 20));
    const base = slotBase(cell, START);
    add(cell, MINUTE_MS, times(7, 50), 10);
    expect(slotMean(cell, base, SLOT)).toBeUndefined();
    add(cell, MINUTE_MS, [50], 17);
    expect(slotMean(cell, base, SLOT)?.valid).toBe(8);
  });

  it('is over range only with a part of its own', () => {
    const cell = createCell(HOUR_MS);
    add(cell, MINUTE_MS, ['T', ...times(9, 20)]);
    const base = slotBase(cell, START);
    expect(slotMean(cell, [], SLOT)?.overRange).toBe(true);
    add(cell, MINUTE_MS, times(10, 50), 10);
    expect(slotMean(cell, base, SLOT)?.overRange).toBe(false);
  });

  it('is made of the finest parts that fit it', () => {
    const cell = createCell(HOUR_MS);
    add(cell, 15 * MINUTE_MS, [70]);
    expect(slotMean(cell, [], SLOT)).toBeUndefined();
    add(cell, 10 * MINUTE_MS, [50]);
    expect(slotMean(cell, [], SLOT)).toMatchObject({ mean: 50, valid: 1, expected: 1 });
    add(cell, MINUTE_MS, times(10, 40));
    expect(slotMean(cell, [], SLOT)?.mean).toBe(40);
  });

  it('of another hour is not known', () => {
    const cell = createCell(HOUR_MS);
    add(cell, MINUTE_MS, times(10, 20));
    expect(slotBase(cell, START - HOUR_MS)).toEqual([]);
    expect(slotMean(cell, [], { ...SLOT, hourStart: START - HOUR_MS })).toBeUndefined();
    expect(slotMean(undefined, [], SLOT)).toBeUndefined();
  });
});
