import { describe, expect, it } from 'vitest';
import {
  beginRun,
  extendRun,
  initialPeriodArrivals,
  isLive,
  isWorthTellingFill,
  joins,
  mergeRuns,
  touches,
  type FillRun,
  type LateReport,
} from './backfill-run.ts';

const MINUTE = 60_000;

/** An instant `minute` minutes after midnight, received at `received` minutes. */
function late(minute: number, received: number, more: Partial<LateReport> = {}): LateReport {
  const ts = minute * MINUTE;
  return { ts, endAt: ts, periodMs: 0, received: received * MINUTE, resent: false, values: [], ...more };
}

function runOf(reports: readonly LateReport[]): FillRun {
  const run = beginRun(reports[0] as LateReport, MINUTE);
  for (const report of reports) extendRun(run, report, MINUTE);
  return run;
}

describe('which late reports belong together', () => {
  const run = runOf([late(10, 100), late(11, 100)]);

  it.each([
    ['the next minute', late(12, 101), true],
    ['half a minute off', late(12.5, 101), true],
    ['the one after the next', late(13, 101), false],
    ['the minute before', late(9, 101), true],
    ['two before', late(8, 101), false],
    ['within', late(10.5, 101), true],
    ['an hour later', late(12, 160), true],
    ['more than an hour later', late(12, 160.1), false],
    ['a quarter that overlaps', late(0, 101, { periodMs: 15 * MINUTE, endAt: 15 * MINUTE }), true],
  ])('%s: %s', (_name, report, expected) => {
    expect(joins(run, report, MINUTE)).toBe(expected);
  });

  it('an older part that came later is merged: its numbers are those of both', () => {
    const later = runOf([late(5, 110), late(6, 110), late(7, 110), late(8, 111), late(9, 111)]);
    const first = runOf([late(10, 100), late(11, 100)]);
    expect(touches(later, first, MINUTE)).toBe(true);
    mergeRuns(first, later);
    expect(first).toMatchObject({ start: 10 * MINUTE, from: 5 * MINUTE, end: 12 * MINUTE, count: 7 });
    expect([first.leastLateMs, first.mostLateMs].map((ms) => ms / MINUTE)).toEqual([89, 105]);
  });

  it('too far apart, in either time', () => {
    const first = runOf([late(10, 100)]);
    expect(touches(runOf([late(5, 110), late(6, 110)]), first, MINUTE)).toBe(false);
    expect(touches(runOf([late(9, 161)]), first, MINUTE)).toBe(false);
  });
});

describe('a clock that is behind', () => {
  const after = (report: LateReport, onTimeAt: number | null = null): boolean => {
    const arrivals = initialPeriodArrivals();
    arrivals.lastLate = { received: 200 * MINUTE, endAt: 80 * MINUTE };
    arrivals.onTimeAt = onTimeAt === null ? null : onTimeAt * MINUTE;
    return isLive(arrivals, report);
  };

  it.each([
    ['comes at its cadence', late(81, 201), true],
    ['a little slower', late(81, 201.9), true],
    ['with one report missing', late(82, 202), true],
    ['faster than it was made', late(82, 201), false],
    ['much later than it was made', late(81, 230), false],
    ['the same moment', late(80, 201), false],
    ['marked as resent', late(81, 201, { resent: true }), false],
  ])('%s: %s', (_name, report, expected) => {
    expect(after(report)).toBe(expected);
  });

  it('a report in time in between: it is not the clock', () => {
    expect([after(late(81, 201), 200.5), after(late(81, 201), 199)]).toEqual([false, true]);
  });
});

it('is told at first, when it has doubled, and once an hour of receipt', () => {
  const run = runOf([late(10, 100)]);
  const told = (count: number, received: number): boolean => {
    run.count = count;
    run.lastReceived = received * MINUTE;
    return isWorthTellingFill(run);
  };
  expect(told(1, 100)).toBe(true);
  run.told = { count: 4, at: 100 * MINUTE, severity: 'info', over: false };
  expect([told(7, 159), told(8, 101), told(5, 160)]).toEqual([false, true, true]);
});
