import { describe, expect, it } from 'vitest';
import {
  deviceReports,
  declaredMark,
  type DeviceReports,
  type TestReport,
} from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const STACK = { ranges: { nox: [0, 500] as [number, number] }, resolution: { nox: 0.1 } };
const MILL = { production: [{ device: 'm-mill', on: 200 }] };
/** Neighbours that are never equal: the channel's own habit. */
const LIVELY = '30+0.2x60';

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '07:00', ...options }, { nox: text });
}

/** Sixteen hours, each twenty minutes at the edge of a step, twenty within it, and twenty at the edge again. */
const COARSE_DAY = Array.from({ length: 16 }, () => `${'40 41 '.repeat(10)}41x20 ${'40 41 '.repeat(10)}`).join(' ');

const mill = (power: string): readonly TestReport[] => deviceReports({ device: 'm-mill', from: '07:00' }, { power });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const HOURLY = { period: 'PT1H' as const, from: '2026-11-20 00:00' };

/** The channel is lively from 07:00 to 08:00 unless said otherwise. */
const ROWS: readonly Row[] = [
  { name: 'twenty-nine minutes equal are none', reports: nox(`${LIVELY} 50x29 ${LIVELY}`), expected: [] },
  {
    name: 'thirty minutes equal are one, decided by the value that ends the thirtieth',
    reports: nox(`${LIVELY} 50x30 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:30) seen 08:30 closed'],
  },
  {
    name: 'thirty-one minutes are seen after thirty',
    reports: nox(`${LIVELY} 50x31 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:31) seen 08:30 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: nox(`${LIVELY} 50x90`),
    expected: ['stack cems-1 nox [08:00, …) seen 08:30 open'],
  },
  {
    name: 'an hour’s own mean in front of one equal minute is no run',
    reports: [...nox('50', { period: 'PT1H' }), ...nox(`50x2 ${LIVELY}`, { from: '08:00' })],
    expected: [],
  },
  {
    name: 'means of minutes',
    reports: nox(`${LIVELY} 50x30 ${LIVELY}`, { period: 'PT1M' }),
    expected: ['stack cems-1 nox [08:00, 08:30) seen 08:30 closed'],
  },
  {
    name: 'within half the resolution of the first value is the same',
    reports: nox(`${LIVELY} 50 50.04 49.96 50x30 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:33) seen 08:30 closed'],
  },
  {
    name: 'beyond half the resolution is another value',
    reports: nox(`${LIVELY} 50x20 50.06 50x20 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'where the resolution is learned, a step finer than any before is another value',
    plant: { outlet: { ranges: { nox: [0, 500] } } },
    reports: nox(`${LIVELY} 50+0.001x60 ${LIVELY}`),
    expected: [],
  },
  { name: 'a slow creep is no standstill', reports: nox(`${LIVELY} 50+0.04x60 ${LIVELY}`), expected: [] },
  {
    name: 'a gap does not count: fifteen covered minutes before it and fourteen after',
    reports: nox(`${LIVELY} 50x16 _x20 50x14 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'a gap does not end: fifteen and fifteen',
    reports: nox(`${LIVELY} 50x16 _x20 50x15 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:51) seen 08:51 closed'],
  },
  {
    name: 'the hold of a calibration is flagged, and unknown',
    reports: nox(`${LIVELY} 50x40!C ${LIVELY}`),
    expected: [],
  },
  {
    name: 'flagged minutes inside neither count nor end',
    reports: nox(`${LIVELY} 50x20 50x15!C 50x10 ${LIVELY}`),
    expected: ['stack cems-1 nox [08:00, 08:45) seen 08:45 closed'],
  },
  {
    name: 'minutes under a calibration mark are unknown',
    reports: [
      ...nox(`${LIVELY} 50x40 ${LIVELY}`),
      declaredMark({ device: 'cems-1', state: 'calibration', from: '08:00', until: '08:40' }),
    ],
    expected: [],
  },
  {
    name: 'two stops with a lively minute between them',
    reports: nox(`${LIVELY} 50x35 51 50x35 ${LIVELY}`),
    expected: [
      'stack cems-1 nox [08:00, 08:35) seen 08:30 closed',
      'stack cems-1 nox [08:36, 09:11) seen 09:06 closed',
    ],
  },
  {
    name: 'the plant stands',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 50x120`), ...mill('300x60 3x120')],
    expected: [],
  },
  {
    name: 'the plant stops: it ends there',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 50x120`), ...mill('300x100 3x80')],
    expected: ['stack cems-1 nox [08:00, 08:40) seen 08:30 closed'],
  },
  {
    name: 'the plant works',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 50x30 ${LIVELY}`), ...mill('300x160')],
    expected: ['stack cems-1 nox [08:00, 08:30) seen 08:30 closed'],
  },
  {
    name: 'silent meters do not excuse',
    plant: { line: MILL },
    reports: [...nox(`${LIVELY} 50x32 ${LIVELY}`), ...mill('300x30')],
    expected: ['stack cems-1 nox [08:00, 08:32) seen 08:30 closed'],
  },
  {
    name: 'without meters, the oxygen of air says that it stands',
    plant: { outlet: { ...STACK, o2Reference: 10 } },
    reports: deviceReports(
      { device: 'cems-1', from: '07:00' },
      { nox: `${LIVELY} 50x60`, o2: '9+0.01x60 20.6+0.001x60' },
    ),
    expected: [],
  },
  {
    name: 'at the detection floor',
    plant: { outlet: { ...STACK, ranges: { nox: [0, 500] }, resolution: { nox: 1 } } },
    reports: nox(`${LIVELY} 1x120`),
    expected: [],
  },
  { name: 'at zero', reports: nox(`${LIVELY} 0x120`), expected: [] },
  { name: 'a pollutant below zero is at its floor', reports: nox(`${LIVELY} -0.4x120`), expected: [] },
  {
    name: 'a gauge pressure may well be below zero',
    reports: deviceReports({ device: 'cems-1', from: '07:00' }, { pressure: '-0.9+0.01x60 -0.35x31' }),
    expected: ['stack cems-1 pressure [08:00, …) seen 08:30 open'],
  },
  {
    name: 'from the first reading ever nothing is known of the channel: it takes longer',
    reports: nox('50x45 30+0.2x20'),
    expected: [],
  },
  {
    name: 'a channel that repeats itself half of the time needs no more than the floor',
    reports: nox(`${Array.from({ length: 60 }, (_, i) => `${String(40 + i)}x2`).join(' ')} 50x32`),
    expected: ['stack cems-1 nox [09:00, …) seen 09:30 open'],
  },
  {
    name: 'a channel that repeats itself nine times in ten needs more than two hours',
    reports: nox(`${Array.from({ length: 60 }, (_, i) => `${String(40 + i)}x10`).join(' ')} 5x110 6x5`),
    expected: [],
  },
  {
    name: 'a channel of coarse steps that flickers and rests: forty minutes are its way, as twenty were',
    reports: nox(`${COARSE_DAY} 42x40 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'and hours are not',
    reports: nox(`${COARSE_DAY} 42x360 ${LIVELY}`),
    expected: ['stack cems-1 nox [23:00, 11-23 05:00) seen 11-23 02:23 closed'],
  },
  {
    name: 'five stops of a lively channel make none of coarse steps of it',
    reports: nox(`${Array.from({ length: 5 }, () => `${LIVELY} ${LIVELY} 50x20`).join(' ')} ${LIVELY} 50x31 ${LIVELY}`),
    expected: ['stack cems-1 nox [19:40, 20:11) seen 20:10 closed'],
  },
  {
    name: 'four equal hours of a channel of hours',
    plant: { every: 'PT1H' },
    reports: nox('30+0.2x48 50x4 40 41', HOURLY),
    expected: ['stack cems-1 nox [00:00, 04:00) seen 04:00 closed'],
  },
  {
    name: 'three equal hours are none',
    plant: { every: 'PT1H' },
    reports: nox('30+0.2x48 50x3 40 41', HOURLY),
    expected: [],
  },
  {
    name: 'hours from a device that should send minutes are hours',
    reports: nox('30+0.2x48 50x3 40 41', HOURLY),
    expected: [],
  },
  {
    name: 'four quarters of a channel of quarters',
    plant: { every: 'PT15M' },
    reports: nox('30+0.2x48 50x4 40 41', { period: 'PT15M', from: '2026-11-21 20:00' }),
    expected: ['stack cems-1 nox [08:00, 09:00) seen 09:00 closed'],
  },
  {
    name: 'minutes with their hours beside them count once',
    reports: [
      ...nox(`${LIVELY} 50x29 30+0.2x31 ${LIVELY}`, { period: 'PT1M' }),
      ...nox('36 50 36', { period: 'PT1H' }),
    ],
    expected: [],
  },
  {
    name: 'signals of one minute in two messages',
    reports: [
      ...deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1M' }, { o2: '9+0.01x91' }),
      ...nox(`${LIVELY} 50x31`, { period: 'PT1M' }),
    ],
    expected: ['stack cems-1 nox [08:00, …) seen 08:30 open'],
  },
];

const registryOf = (plant: PlantOptions = {}): string => plantRegistry({ outlet: STACK, ...plant });

describe('falsification.frozen', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(plant), reports), 'falsification.frozen')).toEqual(expected);
  });

  it('grows while it goes on, and becomes high', () => {
    const [finding] = findingsOf(replayReports(registryOf(), nox(`${LIVELY} 50x181`)), 'falsification.frozen');
    expect(finding).toMatchObject({ state: 'open', severity: 'high', evidence: { minutes: 180 } });
  });

  it('says the numbers it rests on', () => {
    const [finding] = findingsOf(
      replayReports(registryOf(), nox(`${LIVELY} 52.3x42 ${LIVELY}`)),
      'falsification.frozen',
    );
    expect(finding).toMatchObject({
      severity: 'medium',
      evidence: {
        signal: 'nox',
        value: 52.3,
        since: rfc3339('08:00'),
        minutes: 42,
        neededMinutes: 30,
        resolution: 0.1,
        operating: true,
      },
    });
    expect(
      finding === undefined ? ['nothing found'] : wordProblems(finding, ['52.3 mg/m³', '08:00', '42', '30']),
    ).toEqual([]);
  });
});
