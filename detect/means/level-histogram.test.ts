import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { initialLevelHistogram, learnLevel, medianLevel, shareBelow, type LevelHistogram } from './level-histogram.ts';

function learned(values: readonly number[], dayStart = 0): LevelHistogram {
  const histogram = initialLevelHistogram();
  for (const value of values) learnLevel(histogram, value, MINUTE_MS, dayStart);
  return histogram;
}

describe('what a quantity usually is', () => {
  it('its median is within a bin of the true one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const sorted = [...values].sort((a, b) => a - b);
          const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
          const high = sorted[Math.ceil(sorted.length / 2)] ?? sorted[sorted.length - 1] ?? 0;
          const median = medianLevel(learned(values)) ?? Number.NaN;
          expect(median).toBeGreaterThan(low / 1.1);
          expect(median).toBeLessThan(high * 1.1);
        },
      ),
    );
  });

  it('nothing learned is no level, and zero or less is none either', () => {
    expect(medianLevel(learned([0, -5, Number.NaN]))).toBeUndefined();
    expect(shareBelow(learned([]), 100)).toBe(0);
  });

  it('says how much of the time it was lower', () => {
    const histogram = learned([10, 10, 10, 100, 100, 100, 100, 100, 100, 100]);
    expect(shareBelow(histogram, 50)).toBeCloseTo(0.3, 9);
    expect(shareBelow(histogram, 5)).toBe(0);
  });

  it('forgets by days of learning: two months of another level replace the first', () => {
    const histogram = learned(Array.from({ length: 600 }, () => 100));
    for (let day = 1; day <= 60; day += 1) learnLevel(histogram, 40, 20 * MINUTE_MS, day * DAY_MS);
    expect(medianLevel(histogram)).toBeLessThan(45);
    const rested = learned([100]);
    learnLevel(rested, 100, MINUTE_MS, 300 * DAY_MS);
    expect(rested.weight).toBeGreaterThan(1.9 * MINUTE_MS);
  });

  it('is plain numbers, and few of them', () => {
    const histogram = learned(Array.from({ length: 2_000 }, (_, index) => 100 + (index % 37)));
    expect(JSON.parse(JSON.stringify(histogram))).toEqual(histogram);
    expect(histogram.bins.length).toBeLessThan(12);
    expect(histogram.bins.every(Number.isInteger)).toBe(true);
  });
});
