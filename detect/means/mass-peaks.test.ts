import { describe, expect, it } from 'vitest';
import { createRandom } from '../../tests/support/seeded-random.ts';
import { addMass, createMassPeaks, largestOfLast, type MassPeaks } from './mass-peaks.ts';

function peaksOf(masses: readonly number[]): MassPeaks {
  const state = createMassPeaks();
  for (const kg of masses) addMass(state, kg);
  return state;
}

describe('the largest of the last hours', () => {
  it('is not known before the first', () => {
    expect(largestOfLast(createMassPeaks(), 180)).toBeUndefined();
  });

  it('is of as many as there are', () => {
    expect(largestOfLast(peaksOf([3, 9, 4]), 180)).toBe(9);
  });

  it('reaches back 180 hours and no further', () => {
    const quiet = Array.from({ length: 179 }, () => 1);
    expect(largestOfLast(peaksOf([7, ...quiet]), 180)).toBe(7);
    expect(largestOfLast(peaksOf([7, ...quiet, 1]), 180)).toBe(1);
    expect(largestOfLast(peaksOf([7, ...quiet, 1]), 720)).toBe(7);
  });

  it('is that of every window worked out the plain way', () => {
    const random = createRandom(20261122);
    const masses: number[] = [];
    const state = createMassPeaks();
    for (let hour = 0; hour < 5_000; hour += 1) {
      const kg = Math.round(random.below(40) + 30 * Math.sin(hour / 700));
      masses.push(kg);
      addMass(state, kg);
      if (hour % 37 !== 0) continue;
      for (const window of [180, 720, 2160] as const)
        expect(largestOfLast(state, window)).toBe(Math.max(...masses.slice(-window)));
    }
  });

  it('keeps little, and of equal hours one', () => {
    expect(peaksOf(Array.from({ length: 3_000 }, () => 5)).peaks).toEqual([[2_999, 5]]);
    const random = createRandom(7);
    expect(peaksOf(Array.from({ length: 5_000 }, () => random.below(1_000_000))).peaks.length).toBeLessThan(30);
  });

  it('of hours that fall for ever keeps no more than the longest window', () => {
    const { peaks } = peaksOf(Array.from({ length: 3_000 }, (_, hour) => 3_000 - hour));
    expect(peaks).toHaveLength(2160);
    expect(peaks[0]).toEqual([840, 2160]);
  });
});
