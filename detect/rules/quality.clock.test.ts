import { describe, expect, it } from 'vitest';
import { deviceReports, type DeviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';

const MINUTE = 60_000;

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '08:00', ...options }, { nox: text });
}

/** Sent `minutes` after its time; negative: before it. */
function late(
  text: string,
  from: string,
  minutes: number,
  options: Partial<DeviceReports> = {},
): readonly TestReport[] {
  return nox(text, { from, delayMs: minutes * MINUTE, ...options });
}

const tick = (at: string): Arrival => ({ kind: 'tick', received: moment(at) });

interface Row {
  readonly name: string;
  readonly reports: readonly Arrival[];
  readonly expected: readonly string[];
}

const AHEAD: readonly Row[] = [
  { name: 'five minutes ahead are accepted', reports: late('40x10', '08:10', -5), expected: [] },
  {
    name: 'more than five minutes ahead: seen at its receipt',
    reports: late('40', '08:10', -6),
    expected: ['cems-1 [08:04, …) seen 08:04 open'],
  },
  {
    name: 'of a period its end counts',
    reports: late('40', '08:00', -6, { period: 'PT10M' }),
    expected: ['cems-1 [08:04, …) seen 08:04 open'],
  },
  {
    name: 'a report of the right time ends it: it spans the first to the last such receipt',
    reports: [...late('40x5', '08:30', -30), ...nox('40x3', { from: '08:06' })],
    expected: ['cems-1 [08:00, 08:04) seen 08:00 closed'],
  },
  {
    name: 'more than a day ahead is one as well',
    reports: late('40', '2026-11-24 08:00', -48 * 60),
    expected: ['cems-1 [08:00, …) seen 08:00 open'],
  },
  {
    name: 'from the first report ever',
    reports: [...late('40', '09:00', -60), ...nox('40x5', { from: '08:01' })],
    expected: ['cems-1 [08:00, 08:00) seen 08:00 closed'],
  },
];

const BEHIND: readonly Row[] = [
  {
    name: 'ten minutes late are not more than ten',
    reports: [...late('40x60', '08:00', 10), tick('11:00')],
    expected: [],
  },
  {
    name: 'eleven minutes late, in the median of an hour',
    reports: [...late('40x49', '07:49', 11), tick('09:01')],
    expected: ['cems-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'an hour of good reports ends it; it spans the first to the last late receipt',
    reports: [...late('40x49', '07:49', 11), ...nox('40x70', { from: '09:00' })],
    expected: ['cems-1 [08:00, 08:48) seen 09:00 closed'],
  },
  {
    name: 'most of an hour in time: the median is',
    reports: [...late('40x20', '07:45', 15), ...nox('40x30', { from: '08:20' }), tick('09:01')],
    expected: [],
  },
  {
    name: 'most of an hour late: the median is',
    reports: [...nox('40x10', { from: '08:00' }), ...late('40x30', '08:10', 15), tick('09:01')],
    expected: ['cems-1 [08:25, …) seen 09:00 open'],
  },
  {
    name: 'a backlog that says that it is one',
    reports: [...late('40x60', '07:00', 90, { resent: true }), tick('11:00')],
    expected: [],
  },
  {
    name: 'before the hour is over nothing is said',
    reports: [...late('40x49', '07:49', 11), tick('08:59')],
    expected: [],
  },
  {
    name: 'two late hours are one finding',
    reports: [...late('40x109', '07:49', 11), tick('10:01')],
    expected: ['cems-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'hours that arrive a quarter late',
    reports: [...late('40x4', '08:00', 15, { period: 'PT1H' }), tick('13:00')],
    expected: ['cems-1 [09:15, …) seen 10:00 open'],
  },
];

const registry = plantRegistry();

describe('quality.clock', () => {
  it.each([...AHEAD, ...BEHIND])('$name', ({ reports, expected }) => {
    expect(spansOf(replayReports(registry, reports), 'quality.clock')).toEqual(expected);
  });

  // Only reports newer than everything before are counted so far (admit in core/site-arrivals.ts).
  it('an unmarked backlog beside fresh reports counts in the median as well', () => {
    const backlog = nox('41x60', { from: '06:00' }).map((report, index) => ({
      ...report,
      received: moment('08:10:30') + 1_000 * index,
    }));
    const result = replayReports(registry, [...nox('40x30'), ...backlog, tick('09:01')]);
    expect(spansOf(result, 'quality.clock')).toEqual(['cems-1 [08:10:30, …) seen 09:00 open']);
  });

  it('holds a future report back, and takes it in once its time has come', () => {
    const future = late('77', '08:30', -30);
    const early = replayReports(registry, [...nox('40x3'), ...future, tick('08:29')]);
    expect(early.deadLetters.map(({ reason, state }) => [reason, state])).toEqual([['clock-future', 'quarantined']]);
    const later = replayReports(registry, [...nox('40x3'), ...future, tick('08:31')]);
    expect(later.deadLetters.map(({ state }) => state)).toEqual(['taken-in']);
    expect(later.counts['stored']).toBe((early.counts['stored'] ?? 0) + 1);
  });

  it('keeps a report from more than a day ahead where it is', () => {
    const result = replayReports(registry, [...late('40', '2026-11-24 08:00', -48 * 60), tick('2026-11-24 09:00')]);
    expect(result.deadLetters.map(({ reason, state }) => [reason, state])).toEqual([['clock-far-future', 'kept']]);
    expect(result.counts['stored'] ?? 0).toBe(0);
  });

  it('a future report moves no clock', () => {
    const result = replayReports(registry, [...late('40', '20:00', -12 * 60), ...nox('40x30', { from: '08:01' })]);
    expect(spansOf(result, 'quality.offline')).toEqual([]);
    expect(result.means.filter(({ average }) => average === 'PT1H')).toEqual([]);
  });

  it('says the numbers it rests on, ahead and behind', () => {
    const ahead = findingsOf(replayReports(registry, late('40x3', '08:30', -30)), 'quality.clock');
    const behind = findingsOf(replayReports(registry, [...late('40x49', '07:48', 12), tick('09:01')]), 'quality.clock');
    expect(ahead[0]?.evidence).toMatchObject({ direction: 'ahead', count: 3, minutes: 30, since: rfc3339('08:00') });
    expect(behind[0]?.evidence).toMatchObject({ direction: 'behind', count: 49, minutes: 12 });
    expect(ahead.flatMap((finding) => wordProblems(finding, ['cems-1', '08:00', '3', '30']))).toEqual([]);
    expect(behind.flatMap((finding) => wordProblems(finding, ['cems-1', '08:00', '49', '12']))).toEqual([]);
  });
});
