import { describe, expect, it } from 'vitest';
import { judge, type JudgedPeriod } from './judged-period.ts';

const PERIOD: JudgedPeriod = {
  outlet: 'stack',
  device: 'cems-1',
  signal: 'nox',
  average: 'PT1H',
  start: 0,
  end: 3_600_000,
  valid: true,
  mean: 100,
  converted: null,
  o2: null,
  lowerBound: false,
  assumedO2: null,
  overRange: false,
  value: 100,
  operating: true,
  excuse: null,
  parts: { valid: 60, expected: 60, unit: 'minutes' },
  source: 'samples',
  ownMean: null,
  ownConverted: null,
  later: null,
};
const EXCUSE = { state: 'start-up', by: 'cems-1', declaredAt: 0, from: 0 } as const;
const MAX = { max: 100, min: undefined };
const MIN = { max: undefined, min: 850 };

describe('a period against its limit', () => {
  it.each([
    ['at the maximum', { value: 100 }, MAX, 'within'],
    ['a hair above it, unrounded', { value: 100.000001 }, MAX, 'over'],
    ['at the minimum', { value: 850 }, MIN, 'within'],
    ['a hair below it', { value: 849.999999 }, MIN, 'over'],
    ['not valid', { value: 500, valid: false }, MAX, 'unknown'],
    ['without a value', { value: null }, MAX, 'unknown'],
    ['not operating', { value: 500, operating: false }, MAX, 'not-operating'],
    ['not operating and without a value', { value: null, operating: false }, MAX, 'not-operating'],
    ['excused and over', { value: 101, excuse: EXCUSE }, MAX, 'excused'],
    ['excused and within', { value: 99, excuse: EXCUSE }, MAX, 'within'],
    ['excused and unknown', { value: null, excuse: EXCUSE }, MAX, 'unknown'],
    ['a lower bound above the maximum', { value: 101, lowerBound: true }, MAX, 'over'],
    ['a lower bound within it', { value: 99, lowerBound: true }, MAX, 'unknown'],
    ['a lower bound below the minimum', { value: 800, lowerBound: true }, MIN, 'unknown'],
    ['a lower bound above the minimum', { value: 900, lowerBound: true }, MIN, 'unknown'],
    ['within both bounds', { value: 7 }, { max: 9, min: 6 }, 'within'],
    ['below the lower of both', { value: 5 }, { max: 9, min: 6 }, 'over'],
  ] as const)('%s', (_name, change, limit, verdict) => {
    expect(judge({ ...PERIOD, ...change }, limit)).toBe(verdict);
  });
});
