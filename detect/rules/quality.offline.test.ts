import { describe, expect, it } from 'vitest';
import {
  declaredMark,
  deviceReports,
  type DeviceReports,
  type TestReport,
} from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';

const MILL = { production: [{ device: 'm-mill', on: 200 }] };

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '08:00', ...options }, { nox: text });
}

function mill(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'm-mill', from: '08:00', ...options }, { power: text });
}

const tick = (at: string): Arrival => ({ kind: 'tick', received: moment(at) });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly Arrival[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'fourteen minutes of silence are none', reports: nox('40x11 _x13 40x10'), expected: [] },
  { name: 'fifteen minutes are not longer than fifteen', reports: nox('40x11 _x14 40x10'), expected: [] },
  {
    name: 'sixteen minutes are one, from the last report to the next, seen when it had lasted long enough',
    reports: nox('40x11 _x15 40x10'),
    expected: ['cems-1 [08:10, 08:26) seen 08:25 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: [...nox('40x11'), tick('09:00')],
    expected: ['cems-1 [08:10, …) seen 08:25 open'],
  },
  { name: 'the end of a replay is no silence', reports: nox('40x11'), expected: [] },
  { name: 'at the very moment it is not yet', reports: [...nox('40x11'), tick('08:25')], expected: [] },
  {
    name: 'just after it, it is',
    reports: [...nox('40x11'), { kind: 'tick', received: moment('08:25') + 1 }],
    expected: ['cems-1 [08:10, …) seen 08:25 open'],
  },
  {
    name: 'a slow device is given three cadences',
    plant: { every: 'PT15M' },
    reports: nox('40x3 _x2 40', { every: 'PT15M' }),
    expected: [],
  },
  {
    name: 'and no more than three',
    plant: { every: 'PT15M' },
    reports: nox('40x3 _x3 40', { every: 'PT15M' }),
    expected: ['cems-1 [08:30, 09:30) seen 09:15 closed'],
  },
  {
    name: 'from the end of the last period',
    plant: { every: 'PT1H' },
    reports: nox('40x2 _x3 40', { period: 'PT1H' }),
    expected: ['cems-1 [10:00, 14:00) seen 13:00 closed'],
  },
  {
    name: 'hours that came a quarter late count from their receipt',
    plant: { every: 'PT1H' },
    reports: [...nox('40x2', { period: 'PT1H', delayMs: 900_000 }), tick('13:20')],
    expected: ['cems-1 [10:15, …) seen 13:15 open'],
  },
  { name: 'a flagged report is a report', reports: nox('40x11 40x20!D 40x10'), expected: [] },
  {
    name: 'a mark is a report',
    reports: [...nox('40x11 _x20 40x5'), declaredMark({ device: 'cems-1', state: 'maintenance', from: '08:20' })],
    expected: [],
  },
  {
    name: 'stop and restart are two',
    reports: nox('40x6 _x19 40x6 _x19 40x6'),
    expected: ['cems-1 [08:05, 08:25) seen 08:20 closed', 'cems-1 [08:30, 08:50) seen 08:45 closed'],
  },
  {
    name: 'a device that never reported: from the first report of its site on',
    plant: { line: MILL },
    reports: nox('40x30'),
    expected: ['m-mill [08:00, …) seen 08:15 open'],
  },
  {
    name: 'a site that never reported is not spoken of',
    plant: { line: MILL },
    reports: [tick('08:00'), tick('12:00')],
    expected: [],
  },
  {
    name: 'its first report ends it',
    plant: { line: MILL },
    reports: [...nox('40x40'), ...mill('300x10', { from: '08:30' })],
    expected: ['m-mill [08:00, 08:30) seen 08:15 closed'],
  },
  {
    name: 'devices of other cadences each have their own time',
    plant: {
      line: MILL,
      devices: [
        { id: 'cems-1', kind: 'cems', every: 'PT1M' },
        { id: 'm-mill', kind: 'meter', every: 'PT15M' },
      ],
    },
    reports: [...nox('40x60'), ...mill('300 300', { every: 'PT15M' })],
    expected: [],
  },
  {
    name: 'a backlog that comes later fills the data, not the silence',
    reports: [
      ...nox('40x11'),
      ...nox('40x29', { from: '08:11', resent: true }).map((report, index) => ({
        ...report,
        received: moment('08:40') + index,
      })),
    ],
    expected: ['cems-1 [08:10, 08:40) seen 08:25 closed'],
  },
  {
    name: 'a backlog at the very beginning: the silence of the others begins with its receipt',
    plant: { line: MILL },
    reports: [
      ...nox('40x60', { from: '02:00', resent: true }).map((report, index) => ({
        ...report,
        received: moment('08:00') + index,
      })),
      ...mill('300x10', { from: '08:01' }),
    ],
    expected: [],
  },
];

const registryOf = (plant: PlantOptions = {}): string => plantRegistry(plant);

describe('quality.offline', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(plant), reports), 'quality.offline')).toEqual(expected);
  });

  it('says the numbers it rests on', () => {
    const [finding] = findingsOf(replayReports(registryOf(), nox('40x11 _x29 40')), 'quality.offline');
    expect(finding?.evidence).toEqual({
      device: 'cems-1',
      since: rfc3339('08:10'),
      neededMinutes: 15,
      neverReported: false,
      minutes: 30,
    });
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, ['cems-1', '08:10', '15', '30'])).toEqual(
      [],
    );
  });

  it('says so where the device never reported', () => {
    const [finding] = findingsOf(replayReports(registryOf({ line: MILL }), nox('40x30')), 'quality.offline');
    expect(finding?.evidence).toMatchObject({ neverReported: true });
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, ['m-mill', '08:00', '15'])).toEqual([]);
  });
});
