import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { addToDay, daysBetween, paceOf, settleDay, type DailyMass } from './daily-mass.ts';

function daysOf(kgs: readonly (number | null)[], hours = 24): DailyMass[] {
  const days: DailyMass[] = [];
  kgs.forEach((kg, day) => {
    for (let hour = 0; hour < hours; hour += 1)
      addToDay(days, day * DAY_MS, { kg, method: kg === null ? 'unknown' : 'measured' });
  });
  return days;
}

describe('the pace', () => {
  it('is the mean of the days in the window', () => {
    const days = daysOf([100, 1, 2, 3, 100]);
    expect(paceOf(days, { from: DAY_MS, to: 4 * DAY_MS }, 20)).toEqual({ days: 3, dailyKg: 48 });
  });

  it('leaves out days with many unknown hours', () => {
    expect(paceOf([...daysOf([5], 20)], { from: 0, to: DAY_MS }, 20)).toEqual({ days: 1, dailyKg: 100 });
    expect(paceOf([...daysOf([5], 19)], { from: 0, to: DAY_MS }, 20)).toEqual({ days: 0, dailyKg: 0 });
    expect(paceOf(daysOf([null, 2]), { from: 0, to: 2 * DAY_MS }, 20)).toEqual({ days: 1, dailyKg: 48 });
  });

  it('follows a day that came out differently', () => {
    const days = daysOf([1, 2]);
    settleDay(days, 0, 6);
    settleDay(days, 9 * DAY_MS, 1_000);
    expect(days.map(({ kg }) => kg)).toEqual([30, 48]);
  });

  it('keeps no more days than may be looked back on', () => {
    const days = daysOf(Array.from({ length: 200 }, () => 1));
    expect(days).toHaveLength(32);
    expect(days[0]?.day).toBe(168 * DAY_MS);
  });
});

it('days are counted with their fraction', () => {
  expect(daysBetween(0, 1.5 * DAY_MS)).toBe(1.5);
});
