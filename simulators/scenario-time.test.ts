import { describe, expect, it } from 'vitest';
import { createLocalTime } from '../contracts/time/local-time.ts';
import { parseInstant } from '../contracts/time/instant.ts';
import { parseTimeOfDay, resolveOffset } from './scenario-time.ts';

const time = createLocalTime('Asia/Shanghai');
const START_AT = parseInstant('2026-11-22T15:20:00+08:00');

describe('times of a scenario', () => {
  it.each([
    ['start', '2026-11-22T15:20:00+08:00'],
    ['+PT4M', '2026-11-22T15:24:00+08:00'],
    ['-PT6H', '2026-11-22T09:20:00+08:00'],
    ['-PT2H20M', '2026-11-22T13:00:00+08:00'],
    ['hour', '2026-11-22T15:00:00+08:00'],
    ['hour-PT3H', '2026-11-22T12:00:00+08:00'],
    ['day', '2026-11-22T00:00:00+08:00'],
    ['day-P1D+PT9H', '2026-11-21T09:00:00+08:00'],
  ])('%s is %s', (text, instant) => {
    expect(time.format(resolveOffset(text, START_AT, time))).toBe(instant);
  });

  it.each(['', 'PT6H', '-6h', 'noon', '-PT', 'day-P1M', '2026-11-22'])('"%s" is none', (text) => {
    expect(resolveOffset(text, START_AT, time)).toBeNaN();
  });

  it('reads times of day', () => {
    expect([parseTimeOfDay('02:10'), parseTimeOfDay('23:59')]).toEqual([130, 1_439]);
    expect([parseTimeOfDay('24:00'), parseTimeOfDay('2:10'), parseTimeOfDay('02:60')]).toEqual([NaN, NaN, NaN]);
  });
});
