import { describe, expect, it } from 'vitest';
import { createRandom, mixWord } from './random.ts';

describe('the seeded generator', () => {
  it('mixes as MurmurHash3 does', () => {
    expect([0, 1, 2].map((word) => mixWord(word).toString(16))).toEqual(['0', '514e28b7', '30f4c306']);
  });

  it('gives the same number at an index, whatever was asked before', () => {
    const one = createRandom(7).split('site', 'device');
    const other = createRandom(7).split('site', 'device');
    other.gaussianAt(3);
    other.split('else').uniformAt(5);
    expect([9, 1, 5].map((index) => other.uniformAt(index))).toEqual([9, 1, 5].map((index) => one.uniformAt(index)));
  });

  it('gives other numbers for another seed, another label and another index', () => {
    const numbers = [
      createRandom(7).uniformAt(1),
      createRandom(8).uniformAt(1),
      createRandom(7).split('a').uniformAt(1),
      createRandom(7).split('b').uniformAt(1),
      createRandom(7).split('a', 'b').uniformAt(1),
      createRandom(7).uniformAt(2),
      createRandom(7).uniformAt(2 ** 32 + 1),
    ];
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('is uniform between 0 and 1', () => {
    const random = createRandom('uniform');
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(random.uniformAt(index) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(900);
    expect(Math.max(...tenths)).toBeLessThan(1_100);
  });

  it('has mean 0 and deviation 1 where it is asked for noise', () => {
    const random = createRandom('noise');
    const values = Array.from({ length: 20_000 }, (_, index) => random.gaussianAt(index));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(square - 1)).toBeLessThan(0.05);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(3.47);
  });

  it('wanders without jumps', () => {
    const random = createRandom('wander');
    for (let step = 0; step < 2_000; step += 1) {
      const change = random.smoothAt((step + 1) / 100) - random.smoothAt(step / 100);
      expect(Math.abs(change)).toBeLessThan(0.04);
    }
  });
});
