import { describe, expect, it } from 'vitest';
import { series, type SeriesStep } from './series.ts';

const n = (value: number): SeriesStep => ({ value, flag: 'N' });

const READ: readonly (readonly [string, string, readonly SeriesStep[]])[] = [
  ['one value', '12', [n(12)]],
  ['a negative value with decimals', '-0.5', [n(-0.5)]],
  ['a repeated value', '12x3', [n(12), n(12), n(12)]],
  ['a rising ramp, its count being the number of values', '0+10x4', [n(0), n(10), n(20), n(30)]],
  ['a falling ramp', '100-5x3', [n(100), n(95), n(90)]],
  ['a ramp from a negative value', '-1-1x2', [n(-1), n(-2)]],
  ['a ramp in decimals without rounding dust', '0+0.1x4', [n(0), n(0.1), n(0.2), n(0.3)]],
  ['a gap', '_', [undefined]],
  ['a long gap', '1 _x2 2', [n(1), undefined, undefined, n(2)]],
  ['a flag on one value', '5!C', [{ value: 5, flag: 'C' }]],
  ['a flag on every value of a part', '5x2!T 6', [{ value: 5, flag: 'T' }, { value: 5, flag: 'T' }, n(6)]],
  ['parts over several lines', ' 1\n 2 ', [n(1), n(2)]],
  ['nothing', '  ', []],
];

const REFUSED: readonly (readonly [string, string])[] = [
  ['a word', 'high'],
  ['a ramp without a count', '0+10'],
  ['a count of nothing', '12x0'],
  ['a flag that is none', '12!Z'],
  ['a flag on a gap', '_!C'],
  ['a good part beside a bad one', '12 12y3'],
];

describe('series', () => {
  it.each(READ)('reads %s', (_name, text, expected) => {
    expect(series(text)).toEqual(expected);
  });

  it.each(REFUSED)('refuses %s', (_name, text) => {
    expect(() => series(text)).toThrow(RangeError);
  });
});
