import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceLength,
  equalLength,
  equalShare,
  fadeHabit,
  habitualMs,
  initialRunHabit,
  learnRun,
  likelyShare,
} from './run-habit.ts';

const MINUTE_MS = 60_000;

describe('the share that a channel is likely to have', () => {
  it('lies above the share that was seen, nears it with more neighbours, and stays below one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const hits = Math.floor(part * of);
        const share = likelyShare(hits, of);
        expect(share).toBeLessThan(1);
        expect(share).toBeGreaterThanOrEqual(Math.min(0.9999, hits / of));
        expect(likelyShare(10 * hits, 10 * of)).toBeLessThanOrEqual(share + 1e-12);
      }),
    );
  });

  it('is taken for four fifths while fewer than ten neighbours were seen', () => {
    expect(equalShare(0, 0)).toBeGreaterThanOrEqual(0.8);
    expect(equalShare(0, 9)).toBe(0.8);
    expect(equalShare(0, 10)).toBeLessThan(0.2);
  });
});

describe('the length that chance does not reach', () => {
  it('makes as many runs a day as are allowed', () => {
    const length = chanceLength(0.5, 100, 0.001);
    expect(100 * 0.5 ** (length - 1)).toBeLessThanOrEqual(0.001);
    expect(100 * 0.5 ** (length - 2)).toBeGreaterThan(0.001);
  });

  it('grows with the share of equal neighbours', () => {
    const lengths = [0.1, 0.4, 0.8, 0.95].map((share) => equalLength(share, MINUTE_MS, 0.001));
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });
});

describe('the longest runs of a channel', () => {
  it('unsuspicious ones count at once, findings when there were three', () => {
    const habit = initialRunHabit();
    learnRun(habit, 5 * MINUTE_MS, false);
    learnRun(habit, 3 * MINUTE_MS, false);
    expect(habitualMs(habit)).toBe(5 * MINUTE_MS);
    for (const minutes of [40, 60]) learnRun(habit, minutes * MINUTE_MS, true);
    expect(habitualMs(habit)).toBe(5 * MINUTE_MS);
    learnRun(habit, 50 * MINUTE_MS, true);
    expect(habitualMs(habit)).toBe(40 * MINUTE_MS);
    learnRun(habit, 90 * MINUTE_MS, true);
    expect(habit.suspects).toEqual([90, 60, 50].map((minutes) => minutes * MINUTE_MS));
  });

  it('fade', () => {
    const habit = { longestMs: 400, suspects: [1_200, 800, 400] };
    fadeHabit(habit);
    expect(habit).toEqual({ longestMs: 300, suspects: [900, 600, 300] });
  });
});
