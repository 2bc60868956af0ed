import { describe, expect, it } from 'vitest';
import { moment } from '../../tests/support/local-moment.ts';
import { coveredMs, declareMark, spansBetween, type DeviceMark } from './mark-book.ts';

function book(...declared: readonly (readonly [string, string, string?, string?])[]): DeviceMark[] {
  const marks: DeviceMark[] = [];
  for (const [at, state, until, device = 'cems-1'] of declared) {
    const ts = moment(at);
    declareMark(marks, device, { state, until: until === undefined ? undefined : moment(until) }, { ts, received: ts });
  }
  return marks;
}

const DAY = { from: moment('2026-11-22'), to: moment('2026-11-24') };

function spans(
  marks: readonly DeviceMark[],
  states: readonly string[],
): readonly (readonly [number, number, number])[] {
  return spansBetween([], marks, ['cems-1'], { ...DAY, states }).map(({ from, to, since }) => [from, to, since]);
}

describe('a mark of a device', () => {
  it('without an end holds to the next one', () => {
    const marks = book(['08:00', 'fault'], ['09:00', 'maintenance'], ['10:00', 'normal']);
    expect(spans(marks, ['fault'])).toEqual([[moment('08:00'), moment('09:00'), moment('08:00')]]);
    expect(spans(marks, ['maintenance'])).toEqual([[moment('09:00'), moment('10:00'), moment('09:00')]]);
  });

  it('without an end holds 24 h at most', () => {
    expect(spans(book(['08:00', 'fault']), ['fault'])).toEqual([
      [moment('08:00'), moment('2026-11-23 08:00'), moment('08:00')],
    ]);
  });

  it('with an end holds to it over other states, and not over `normal`', () => {
    expect(spans(book(['08:00', 'fault', '12:00'], ['09:00', 'calibration', '09:10']), ['fault'])).toEqual([
      [moment('08:00'), moment('12:00'), moment('08:00')],
    ]);
    expect(spans(book(['08:00', 'fault', '12:00'], ['09:00', 'normal']), ['fault'])).toEqual([
      [moment('08:00'), moment('09:00'), moment('08:00')],
    ]);
  });

  it('is shortened by the same state said anew, which goes on since the first', () => {
    const marks = book(['08:00', 'fault', '12:00'], ['09:00', 'fault', '10:00']);
    expect(spans(marks, ['fault'])).toEqual([
      [moment('08:00'), moment('09:00'), moment('08:00')],
      [moment('09:00'), moment('10:00'), moment('08:00')],
    ]);
  });

  it('ends no mark of another device', () => {
    const marks = book(['08:00', 'fault'], ['09:00', 'normal', '10:00', 'cems-2']);
    expect(spans(marks, ['fault'])).toEqual([[moment('08:00'), moment('2026-11-23 08:00'), moment('08:00')]]);
  });
});

describe('covered time', () => {
  it('counts what overlaps once', () => {
    const covered = coveredMs(
      [
        { from: 10, to: 30 },
        { from: 20, to: 40 },
        { from: 90, to: 200 },
      ],
      0,
      100,
    );
    expect(covered).toBe(40); // 10 to 40 and 90 to 100
  });

  it('is nothing for a span that ends before it begins', () => {
    expect(coveredMs([{ from: 50, to: 10 }], 0, 100)).toBe(0);
  });
});
