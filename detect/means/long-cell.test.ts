import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import type { Average } from '../../contracts/registry/registry.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import type { JudgedPeriod } from './judged-period.ts';
import { addHour, closeLongCell, createLongCell, DAY, hasEnoughHours, longEnd, longStart } from './long-cell.ts';

const START = moment('2026-11-22');
const time = createLocalTime('Asia/Shanghai');

const HOUR: JudgedPeriod = {
  outlet: 'stack',
  device: 'cems-1',
  signal: 'nox',
  average: 'PT1H',
  start: START,
  end: START + HOUR_MS,
  valid: true,
  mean: 10,
  converted: 10,
  o2: 10,
  lowerBound: false,
  assumedO2: null,
  overRange: false,
  value: 10,
  operating: true,
  excuse: null,
  parts: { valid: 60, expected: 60, unit: 'minutes' },
  source: 'samples',
  ownMean: null,
  ownConverted: null,
  later: null,
};
const OFF: Partial<JudgedPeriod> = { operating: false };
const EXCUSED: Partial<JudgedPeriod> = {
  value: 900,
  excuse: { state: 'fault', by: 'cems-1', declaredAt: START, from: START },
};
const INVALID: Partial<JudgedPeriod> = { valid: false, mean: null, value: null };
const UNKNOWN_O2: Partial<JudgedPeriod> = { value: 900, assumedO2: 5, lowerBound: true };

/** So many hours of each kind, in a row. */
function close(average: Average, ...runs: readonly (readonly [number, Partial<JudgedPeriod>])[]): JudgedPeriod {
  const cell = createLongCell();
  for (const [count, change] of runs) {
    for (let index = 0; index < count; index += 1) addHour(cell, START, { ...HOUR, ...change }, true);
  }
  const period = { average, start: START, end: longEnd(time, average, START) };
  return closeLongCell(cell, period, { outlet: 'stack', signal: 'nox', isConverted: true, device: 'cems-1' });
}

const PT4H: Average = { text: 'PT4H', ms: 4 * HOUR_MS, months: 0 };
const MONTH: Average = { text: 'P1M', ms: 0, months: 1 };

describe('a day', () => {
  it.each([
    [
      '20 valid hours',
      [
        [20, {}],
        [4, INVALID],
      ],
      true,
    ],
    [
      '19 valid hours',
      [
        [19, {}],
        [5, INVALID],
      ],
      false,
    ],
    [
      '4 valid and 16 not operating',
      [
        [4, {}],
        [16, OFF],
        [4, INVALID],
      ],
      true,
    ],
    [
      '4 valid and 15 not operating',
      [
        [4, {}],
        [15, OFF],
        [5, INVALID],
      ],
      false,
    ],
    [
      '4 valid and 16 excused',
      [
        [4, {}],
        [16, EXCUSED],
        [4, INVALID],
      ],
      true,
    ],
    [
      '3 valid and 21 not operating: fewer than 4 make no mean',
      [
        [3, {}],
        [21, OFF],
      ],
      false,
    ],
    [
      '20 hours without known O2',
      [
        [20, UNKNOWN_O2],
        [4, INVALID],
      ],
      false,
    ],
  ] as const)('with %s is valid: %s %s', (_name, runs, isValid) => {
    const day = close(DAY, ...runs);
    expect([day.valid, day.value]).toEqual([isValid, isValid ? 10 : null]);
  });

  it('is the mean of its valid, operating, unexcused hours’ converted means', () => {
    // 10 hours at 30 and 10 at 60, the excused 900 and the standstill left out: (300 + 600) / 20 = 45
    const day = close(
      DAY,
      [10, { value: 30, mean: 20 }],
      [10, { value: 60, mean: 40 }],
      [2, EXCUSED],
      [2, { ...OFF, value: 900 }],
    );
    expect(day).toMatchObject({
      value: 45,
      converted: 45,
      mean: 30,
      parts: { valid: 24, expected: 24, unit: 'hours' },
    });
  });

  it('without an hour of work is not operating', () => {
    expect(close(DAY, [24, OFF])).toMatchObject({ operating: false, valid: false });
    expect(close(DAY, [19, OFF], [5, INVALID])).toMatchObject({ operating: true, valid: false });
  });

  it('is a lower bound where an hour of it is', () => {
    expect(close(DAY, [23, {}], [1, { lowerBound: true }]).lowerBound).toBe(true);
  });

  it('shows what rewritten hours would make', () => {
    // (23 × 10 + 34) / 24 = 11
    expect(close(DAY, [23, {}], [1, { later: 34 }])).toMatchObject({ value: 10, later: 11 });
  });
});

describe('another period longer than an hour', () => {
  it.each([
    [
      '3 of 4 hours',
      [
        [3, {}],
        [1, INVALID],
      ],
      true,
    ],
    [
      '2 of 4 hours',
      [
        [2, {}],
        [2, INVALID],
      ],
      false,
    ],
    [
      '1 valid hour and 2 not operating',
      [
        [1, {}],
        [2, OFF],
        [1, INVALID],
      ],
      true,
    ],
  ] as const)('has hours as its parts: with %s it is valid: %s %s', (_name, runs, isValid) => {
    expect(close(PT4H, ...runs).valid).toBe(isValid);
  });

  it('of a month needs 75 % of its hours', () => {
    // November 2026: 30 × 24 = 720 hours, 75 % = 540. START only tells the length here.
    const cell = createLongCell();
    for (let index = 0; index < 539; index += 1) addHour(cell, START, HOUR, true);
    const november = { average: MONTH, start: moment('2026-11-01'), end: moment('2026-12-01') };
    expect(hasEnoughHours(cell, november)).toBe(false);
    addHour(cell, START, HOUR, true);
    expect(hasEnoughHours(cell, november)).toBe(true);
  });
});

describe('the bounds of a period', () => {
  it.each([
    ['P1D', DAY, '13:30', ['2026-11-22', '2026-11-23']],
    ['PT4H', PT4H, '13:30', ['2026-11-22 12:00', '2026-11-22 16:00']],
    ['PT4H at its end', PT4H, '16:00', ['2026-11-22 16:00', '2026-11-22 20:00']],
    ['P1M', MONTH, '13:30', ['2026-11-01', '2026-12-01']],
    ['P1Y', { text: 'P1Y', ms: 0, months: 12 }, '13:30', ['2026-01-01', '2027-01-01']],
  ] as const)('of %s are local midnight and what follows from it', (_name, average, at, bounds) => {
    const from = longStart(time, average, moment(at));
    expect([rfc3339(from), rfc3339(longEnd(time, average, from))]).toEqual(bounds.map(rfc3339));
  });

  it('follow the wall clock where it is changed', () => {
    const berlin = createLocalTime('Europe/Berlin');
    const spring = berlin.midnight('2026-03-29');
    expect(longEnd(berlin, DAY, spring) - spring).toBe(23 * HOUR_MS);
    expect(longEnd(berlin, { text: 'P7D', ms: 7 * DAY_MS, months: 0 }, spring) - spring).toBe(7 * DAY_MS - HOUR_MS);
  });
});
