import { describe, expect, it } from 'vitest';
import { percentile, spreadOf } from './percentile.ts';

const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('a percentile', () => {
  it('is the value that so many do not exceed, whatever their order', () => {
    expect(percentile(HUNDRED, 0.5)).toBe(50);
    expect(percentile(HUNDRED, 0.99)).toBe(99);
    expect(percentile(HUNDRED, 1)).toBe(100);
    expect(percentile(HUNDRED, 0)).toBe(1);
  });

  it('is the largest of few', () => {
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
    expect(percentile([7], 0.5)).toBe(7);
  });

  it('of nothing is not known', () => {
    expect(spreadOf([])).toEqual({ p50: Number.NaN, p99: Number.NaN, max: Number.NaN });
  });
});
