import { describe, expect, it } from 'vitest';
import {
  deviceReports,
  declaredMark,
  type DeviceReports,
  type TestReport,
} from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const STACK = { ranges: { nox: [0, 500] as [number, number] }, resolution: { nox: 0.1 } };
const MILL = { production: [{ device: 'm-mill', on: 200 }] };
/** An hour off both ends. */
const LIVELY = '30+0.2x60';

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '07:00', ...options }, { nox: text });
}

const mill = (power: string): readonly TestReport[] => deviceReports({ device: 'm-mill', from: '07:00' }, { power });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const HOURLY = { period: 'PT1H' as const, from: '2026-11-20 00:00' };
const TEN = 'stack cems-1 nox [08:00, 08:10) seen 08:10 closed';

/** Off both ends from 07:00 to 08:00 unless said otherwise. */
const ROWS: readonly Row[] = [
  { name: 'nine minutes at zero are none', reports: nox(`${LIVELY} 0x9 ${LIVELY}`), expected: [] },
  {
    name: 'ten minutes at zero are one, decided by the value that ends the tenth',
    reports: nox(`${LIVELY} 0x10 ${LIVELY}`),
    expected: [TEN],
  },
  {
    name: 'eleven minutes are seen after ten',
    reports: nox(`${LIVELY} 0x11 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:11) seen 08:10 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: nox(`${LIVELY} 0x30`),
    expected: ['stack cems-1 nox [08:00, …) seen 08:10 open'],
  },
  { name: 'means of minutes', reports: nox(`${LIVELY} 0x10 ${LIVELY}`, { period: 'PT1M' }), expected: [TEN] },
  { name: 'one step above the bottom is the bottom', reports: nox(`${LIVELY} 0.1x10 ${LIVELY}`), expected: [TEN] },
  { name: 'two steps above it are not', reports: nox(`${LIVELY} 0.2x20 ${LIVELY}`), expected: [] },
  { name: 'below zero is the bottom', reports: nox(`${LIVELY} -0.5+0.05x10 ${LIVELY}`), expected: [TEN] },
  {
    name: 'without a range the bottom of a pollutant is zero',
    plant: { outlet: { ranges: {}, resolution: {} } },
    reports: nox(`${LIVELY} 0x10 ${LIVELY}`),
    expected: [TEN],
  },
  {
    name: 'without a resolution the smallest step seen is the step',
    plant: { outlet: { ...STACK, resolution: {} } },
    reports: nox(`${LIVELY} 0.2x10 ${LIVELY}`),
    expected: [TEN],
  },
  { name: 'nine minutes at full scale are none', reports: nox(`${LIVELY} 500x9 ${LIVELY}`), expected: [] },
  { name: 'ten minutes at full scale are one', reports: nox(`${LIVELY} 500x10 ${LIVELY}`), expected: [TEN] },
  { name: '98 % of full scale is full scale', reports: nox(`${LIVELY} 490+1x10 ${LIVELY}`), expected: [TEN] },
  { name: 'just below 98 % is not', reports: nox(`${LIVELY} 489.9x20 ${LIVELY}`), expected: [] },
  { name: 'flag T at full scale counts', reports: nox(`${LIVELY} 500x10!T ${LIVELY}`), expected: [TEN] },
  { name: 'flag T counts at face value', reports: nox(`${LIVELY} 300x20!T ${LIVELY}`), expected: [] },
  {
    name: 'the top needs no history',
    reports: nox('500x10 40x2'),
    expected: ['stack cems-1 nox [07:00, 07:10) seen 07:10 closed'],
  },
  {
    name: 'without a range nobody knows the top',
    plant: { outlet: { ranges: {}, resolution: {} } },
    reports: nox(`${LIVELY} 500x25 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'one end after the other are two',
    reports: nox(`${LIVELY} 500x12 0x15 ${LIVELY}`),
    expected: [
      'stack cems-1 nox [08:00, 08:12) seen 08:10 closed',
      'stack cems-1 nox [08:12, 08:27) seen 08:22 closed',
    ],
  },
  {
    name: 'the channel of a signed quantity has its bottom where its range begins',
    plant: { outlet: { ranges: { pressure: [-5, 5] }, resolution: { pressure: 0.01 } }, line: MILL },
    reports: [
      ...deviceReports({ device: 'cems-1', from: '07:00' }, { pressure: '-0.9+0.01x60 -5x12 -0.9+0.01x5' }),
      ...mill('300x80'),
    ],
    expected: ['stack cems-1 pressure [08:00, 08:12) seen 08:10 closed'],
  },
  {
    name: 'its top is 2 % of the span below the end',
    plant: { outlet: { ranges: { pressure: [-5, 5] }, resolution: { pressure: 0.01 } } },
    reports: deviceReports({ device: 'cems-1', from: '07:00' }, { pressure: '-0.9+0.01x60 4.8x12 4.79x20' }),
    expected: ['stack cems-1 pressure [08:00, 08:12) seen 08:10 closed'],
  },
  {
    name: 'the oxygen of air at the top of a short range is no full scale',
    plant: { outlet: { ranges: { o2: [0, 21] } }, line: MILL },
    reports: [...deviceReports({ device: 'cems-1', from: '07:00' }, { o2: '9+0.01x60 20.9x20' }), ...mill('300x80')],
    expected: [],
  },
  {
    name: 'three hours of hours',
    plant: { every: 'PT1H' },
    reports: nox('30+0.2x48 0x3 40 41', HOURLY),
    expected: ['stack cems-1 nox [00:00, 03:00) seen 03:00 closed'],
  },
  {
    name: 'two hours of hours are none',
    plant: { every: 'PT1H' },
    reports: nox('30+0.2x48 500x2 40 41', HOURLY),
    expected: [],
  },
  {
    name: 'quarters need three of them',
    plant: { every: 'PT15M' },
    reports: nox('30+0.2x48 0x3 40 41', { period: 'PT15M', from: '2026-11-21 20:00' }),
    expected: ['stack cems-1 nox [08:00, 08:45) seen 08:45 closed'],
  },
  {
    name: 'a gap does not count: six covered minutes before it and three after',
    reports: nox(`${LIVELY} 0x7 _x20 0x3 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'a gap does not end: six and four',
    reports: nox(`${LIVELY} 0x7 _x20 0x4 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:31) seen 08:31 closed'],
  },
  {
    name: 'minutes flagged otherwise are unknown',
    reports: nox(`${LIVELY} 0x6 50x10!C 0x6!D 0x4 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:26) seen 08:26 closed'],
  },
  {
    name: 'the plant works',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 0x10 ${LIVELY}`), ...mill('300x140')],
    expected: [TEN],
  },
  {
    name: 'the plant stops: it ends there',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 0x60`), ...mill('300x80 3x40')],
    expected: ['stack cems-1 nox [08:00, 08:20) seen 08:10 closed'],
  },
  {
    name: 'silent meters do not excuse',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 0x12 ${LIVELY}`), ...mill('300x30')],
    expected: ['stack cems-1 nox [08:00, 08:12) seen 08:10 closed'],
  },
];

const registryOf = (plant: PlantOptions = {}): string => plantRegistry({ outlet: STACK, ...plant });

describe('falsification.pinned', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(plant), reports), 'falsification.pinned')).toEqual(expected);
  });

  it('is one finding: what stands at an end is not frozen as well', () => {
    const result = replayReports(registryOf(), nox(`${LIVELY} 500x90 ${LIVELY} 0x90 ${LIVELY} 495x90`));
    expect(result.findings.map(({ rule, evidence }) => [rule, evidence['side']])).toEqual([
      ['falsification.pinned', 'top'],
      ['falsification.pinned', 'bottom'],
      ['falsification.pinned', 'top'],
    ]);
  });

  it('what stands still beyond the range that the registry knows is frozen, and at no end', () => {
    const result = replayReports(registryOf(), nox(`${LIVELY} 700x40 ${LIVELY}`));
    expect(result.findings.map(({ rule }) => rule)).toEqual(['falsification.frozen']);
  });

  it('over range without a number is at the top', () => {
    const over = (index: number): TestReport => ({
      site: 'plant',
      device: 'cems-1',
      report: {
        ts: rfc3339(moment('08:00') + index * 60_000),
        period: 'PT1M',
        values: { nox: { max: 999 } },
        flags: { nox: 'T' },
      },
    });
    const reports = [
      ...nox(LIVELY, { period: 'PT1M' }),
      ...Array.from({ length: 12 }, (_, index) => over(index)),
      ...nox('40x5', { from: '08:12', period: 'PT1M' }),
    ];
    const result = replayReports(registryOf(), reports);
    expect(spansOf(result, 'falsification.pinned')).toEqual(['stack cems-1 nox [08:00, 08:12) seen 08:10 closed']);
    expect(findingsOf(result, 'falsification.pinned')[0]?.evidence).toMatchObject({ side: 'top', value: null });
  });

  it('says the numbers it rests on, at the bottom', () => {
    const [finding] = findingsOf(
      replayReports(registryOf(), nox(`${LIVELY} 0.1x42 ${LIVELY}`)),
      'falsification.pinned',
    );
    expect(finding).toMatchObject({
      severity: 'medium',
      evidence: {
        signal: 'nox',
        side: 'bottom',
        value: 0.1,
        since: rfc3339('08:00'),
        minutes: 42,
        neededMinutes: 10,
        range: [0, 500],
        bottom: 0,
        resolution: 0.1,
        bottomShare: 0,
        bottomRuns: 0,
        hoursAway: 1,
        operating: true,
      },
    });
    const said = ['0.1 mg/m³', '2026-11-22 08:00', '42', '10', '0 %'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('says the numbers it rests on, at the top', () => {
    const [finding] = findingsOf(replayReports(registryOf(), nox(`${LIVELY} 499x42`)), 'falsification.pinned');
    expect(finding).toMatchObject({
      severity: 'medium',
      evidence: { side: 'top', value: 499, range: [0, 500], topShare: 0.98, shortForLimit: null },
    });
    const said = ['500 mg/m³', '98 %', '08:00', '10'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('is high from three hours on, and told once an hour until then', () => {
    const high = findingsOf(replayReports(registryOf(), nox(`${LIVELY} 0x181`)), 'falsification.pinned')[0];
    expect(high).toMatchObject({ state: 'open', severity: 'high', evidence: { minutes: 180 } });
    const medium = findingsOf(replayReports(registryOf(), nox(`${LIVELY} 0x180`)), 'falsification.pinned')[0];
    expect(medium).toMatchObject({ severity: 'medium', revision: 3, evidence: { minutes: 130 } });
  });

  it('is high at once where the range cannot show how far a limit is exceeded', () => {
    const limits = (max: number): PlantOptions => ({
      outlet: { ...STACK, limits: [{ signal: 'nox', max, average: 'PT1H', from: '2024-01-01' }] },
    });
    const of = (max: number, text: string): string | undefined =>
      findingsOf(replayReports(registryOf(limits(max)), nox(text)), 'falsification.pinned')[0]?.severity;
    expect([of(400, `${LIVELY} 500x12 40`), of(300, `${LIVELY} 500x12 40`), of(400, `${LIVELY} 0x12 40`)]).toEqual([
      'high',
      'medium',
      'medium',
    ]);
  });

  it('minutes under a calibration mark are unknown', () => {
    const reports = [
      ...nox(`${LIVELY} 0x40 ${LIVELY}`),
      declaredMark({ device: 'cems-1', state: 'calibration', from: '08:00', until: '08:40' }),
    ];
    expect(spansOf(replayReports(registryOf(), reports), 'falsification.pinned')).toEqual([]);
  });
});
