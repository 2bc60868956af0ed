import { describe, expect, it } from 'vitest';
import {
  fadeCoarse,
  initialCoarseHabit,
  learnSettledRun,
  neededWhenCoarse,
  SETTLED_AFTER,
  type CoarseHabit,
} from './coarse-habit.ts';

const MINUTE_MS = 60_000;
const DAY_OF_MINUTES = 1_440;
const ALLOWED = 0.001;

/** Runs of so many equal neighbours, minute by minute; negative ones were findings. */
function habitOf(...runs: readonly number[]): CoarseHabit {
  const habit = initialCoarseHabit();
  for (const repeats of runs)
    learnSettledRun(habit, Math.abs(repeats), (Math.abs(repeats) + 1) * MINUTE_MS, repeats < 0);
  return habit;
}

/** Minutes, where a share of all neighbours of some days was equal. */
function neededMinutes(habit: CoarseHabit, share = 0.6, compared = DAY_OF_MINUTES): number {
  return neededWhenCoarse(habit, { equal: share * compared, compared }, MINUTE_MS, ALLOWED) / MINUTE_MS;
}

const repeated = (repeats: number, times: number): readonly number[] => Array.from({ length: times }, () => repeats);

describe('what a channel of coarse steps needs', () => {
  it('is as rare by chance as allowed, counted from where a run settled', () => {
    const habit = habitOf(...repeated(15, 40));
    const needed = neededMinutes(habit);
    // Of the settled ones 10 of 11 stay: 40 settled runs a day, of which 0.001 go on for so long.
    const settled = needed - SETTLED_AFTER - 1;
    expect(40 * (10 / 11) ** settled).toBeLessThan(ALLOWED);
    expect(40 * (10 / 11) ** (settled / 1.5)).toBeGreaterThan(ALLOWED);
  });

  it('is nothing where the channel seldom repeats itself: what rests there is not its way', () => {
    const habit = habitOf(...repeated(28, 10));
    expect(neededMinutes(habit, 0.24)).toBe(0);
    expect(neededMinutes(habit, 0.26)).toBeGreaterThan(60);
  });

  it('is nothing while few runs have settled', () => {
    expect(neededMinutes(habitOf(...repeated(28, 4)))).toBe(0);
    expect(neededMinutes(habitOf(...repeated(28, 5)))).toBeGreaterThan(60);
  });

  it('is four hours in the first half day, from three settled runs on', () => {
    const needed = (...runs: readonly number[]): number => neededMinutes(habitOf(...runs), 0.6, 300);
    expect(needed(...repeated(8, 2))).toBe(0);
    expect(needed(...repeated(8, 3))).toBe(240);
    expect(needed(...repeated(150, 3))).toBe(302);
  });

  it('is twice its longest run, or the third longest of those that were found', () => {
    expect(neededMinutes(habitOf(...repeated(6, 40), 99))).toBe(200);
    const found = habitOf(...repeated(6, 40), -299, -399);
    expect(neededMinutes(found)).toBeLessThan(100);
    learnSettledRun(found, 199, 200 * MINUTE_MS, true);
    expect(neededMinutes(found)).toBe(400);
  });

  it('survives being stored, and fades', () => {
    const habit = habitOf(...repeated(6, 40), 99);
    expect(neededMinutes(JSON.parse(JSON.stringify(habit)) as CoarseHabit)).toBe(200);
    fadeCoarse(habit);
    expect(neededMinutes(habit)).toBe(150);
  });
});
