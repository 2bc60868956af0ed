import { describe, expect, it } from 'vitest';
import { usualAfter } from './usual-level.ts';

const MINUTE = 60_000;

function after(values: readonly number[]): number {
  return values.reduce((level, value) => usualAfter(level, value, MINUTE), 0);
}

describe('the usual level', () => {
  it('half the way up in ten minutes', () => {
    expect(usualAfter(0, 100, 10 * MINUTE)).toBe(50);
  });

  it('within an hour of load it is there, within a night of standstill still', () => {
    const loaded = after(new Array<number>(60).fill(100));
    const night = new Array<number>(12 * 60).fill(0).reduce((level, value) => usualAfter(level, value, MINUTE), loaded);
    expect(loaded).toBeGreaterThan(99);
    expect(night).toBeGreaterThan(92);
  });

  it('an inrush of a second leaves next to nothing', () => {
    expect(usualAfter(100, 700, 1_000)).toBeLessThan(101.1);
  });
});
