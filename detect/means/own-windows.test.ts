import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { StreamReport } from '../core/stream-report.ts';
import { createOwnWindows, feedWindows, noteOwnMean, tallyHour, windowCell, type OwnWindows } from './own-windows.ts';
import { usableSet, type CellMean } from './period-cell.ts';

const START = 1_000 * HOUR_MS;
const TEN = 10 * MINUTE_MS;

function report(ts: number, value: number, periodMs = 0): StreamReport {
  const reading = { signal: 'so2', value, flag: 'N', min: undefined, max: undefined, converted: undefined } as const;
  return {
    site: 'plant',
    device: 'cems-1',
    ts,
    periodMs,
    endAt: ts + periodMs,
    readings: [reading],
    seq: undefined,
    resent: false,
    mark: undefined,
    parameters: undefined,
    offset: 0,
    received: ts,
  };
}

function feed(state: OwnWindows, ts: number, value: number): void {
  const hourStart = Math.floor(ts / HOUR_MS) * HOUR_MS;
  feedWindows(state, report(ts, value), { hourStart, everyMs: MINUTE_MS }, () => true);
}

function hourMean(mean: number | null, valid = 60): CellMean {
  const parts = { valid, expected: 60, partMs: MINUTE_MS };
  return { mean, valid: mean !== null, source: 'samples', overRange: false, parts, own: null, later: null };
}

describe('windows of ten and fifteen minutes', () => {
  it('are gathered at first, until it is plain that the device makes no such means', () => {
    const state = createOwnWindows(START);
    for (let minute = 0; minute < 30; minute += 1) feed(state, START + minute * MINUTE_MS, minute);
    expect(Object.keys(state.windows)).toEqual(['600000', '900000']);
    feed(state, START + 30 * MINUTE_MS, 30);
    expect(state.windows).toEqual({});
  });

  it('go on for the length that it sends', () => {
    const state = createOwnWindows(START);
    noteOwnMean(state, report(START, 1, TEN));
    feed(state, START + HOUR_MS, 5);
    expect(Object.keys(state.windows)).toEqual(['600000']);
    feed(state, START + 4 * DAY_MS, 5);
    expect(state.windows).toEqual({});
  });

  it('hold the running window alone', () => {
    const state = createOwnWindows(START);
    for (let minute = 0; minute < 18; minute += 1) feed(state, START + minute * MINUTE_MS, minute);
    const cell = windowCell(state, TEN, 'so2');
    expect(cell?.start).toBe(START + TEN);
    // 10 to 16; the 18th waits for its minute to end
    expect(cell?.sets[0]).toMatchObject({ count: 7, min: 10, max: 16 });
    expect(cell === undefined ? undefined : usableSet(cell, START)).toBeUndefined();
  });
});

describe('the hours of a day', () => {
  const at = (hour: number): { signal: string; dayStart: number; start: number } => ({
    signal: 'so2',
    dayStart: START,
    start: START + hour * HOUR_MS,
  });

  it('are counted as all, at work, and unexcused', () => {
    const state = createOwnWindows(START);
    tallyHour(state, { ...at(0), mean: hourMean(10) }, { operating: true, excused: false });
    tallyHour(state, { ...at(1), mean: hourMean(40, 45) }, { operating: true, excused: true });
    tallyHour(state, { ...at(2), mean: hourMean(1) }, { operating: false, excused: false });
    expect(state.days['so2']).toMatchObject({
      known: 3,
      counts: [3, 2, 1],
      sums: [51, 50, 10],
      min: 1,
      max: 40,
      parts: 165,
      partSum: 600 + 1_800 + 60,
    });
  });

  it('without a mean are known only where the plant stood', () => {
    const state = createOwnWindows(START);
    tallyHour(state, { ...at(0), mean: hourMean(null) }, { operating: true, excused: false });
    tallyHour(state, { ...at(1), mean: hourMean(null) }, { operating: false, excused: false });
    expect(state.days['so2']).toMatchObject({ known: 1, counts: [0, 0, 0] });
  });

  it('are let go where the device sends no means of days', () => {
    const state = createOwnWindows(START);
    tallyHour(state, { ...at(0), mean: hourMean(10) }, { operating: true, excused: false });
    tallyHour(state, { ...at(49), mean: hourMean(10) }, { operating: true, excused: false });
    expect(state.days).toEqual({});
  });
});
