import { describe, expect, it } from 'vitest';
import {
  declaredMark,
  deviceReports,
  type DeviceReports,
  type TestReport,
} from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { enteredMark, findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';

const STACK = {
  limits: [
    { signal: 'nox', max: 100, average: 'PT1H' },
    { signal: 'so2', max: 35, average: 'PT1H' },
  ],
};
const MILL = { production: [{ device: 'm-mill', on: 200 }] };

/** Both signals by quarter hours from midnight on: four to an hour, three of them make it valid. */
function gas(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '00:00', period: 'PT15M', ...options }, { nox: text, so2: text });
}

const mill = (power: string): readonly TestReport[] =>
  deviceReports({ device: 'm-mill', from: '00:00', period: 'PT15M' }, { power });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly Arrival[];
  readonly expected: readonly string[];
}

const DAY = 'cems-1 [00:00, 11-23 00:00)';

const ROWS: readonly Row[] = [
  { name: 'three hours missing are none', reports: gas('9x32 _x12 9x60'), expected: [] },
  {
    name: 'four hours missing are one, over the day, seen when the fourth was over',
    reports: gas('9x32 _x16 9x60'),
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'five hours, not in a row',
    reports: gas('9x16 _x8 9x16 _x8 9x16 _x4 9x36'),
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'while the day lasts it is open',
    reports: gas('9x32 _x16 9x8'),
    expected: ['cems-1 [00:00, …) seen 12:00 open'],
  },
  {
    name: 'three quarters of an hour make it valid',
    reports: gas('9x32 9 9 9 _ 9 9 9 _ 9 9 9 _ 9 9 9 _ 9x60'),
    expected: [],
  },
  {
    name: 'half of an hour does not',
    reports: gas('9x32 9 9 _x2 9 9 _x2 9 9 _x2 9 9 _x2 9x60'),
    expected: [`${DAY} seen 12:00 closed`],
  },
  { name: 'flagged values are invalid', reports: gas('9x32 9x16!D 9x60'), expected: [`${DAY} seen 12:00 closed`] },
  { name: 'values over range are valid', reports: gas('9x32 9x16!T 9x60'), expected: [] },
  { name: 'values below zero are valid', reports: gas('-1x108'), expected: [] },
  {
    name: 'two hours before midnight and two after it are none',
    reports: gas('9x88 _x16 9x60'),
    expected: [],
  },
  {
    name: 'one of two signals is meant',
    reports: deviceReports(
      { device: 'cems-1', from: '00:00', period: 'PT15M' },
      { nox: '9x32 _x16 9x60', so2: '5x108' },
    ),
    expected: ['cems-1 nox [00:00, 11-23 00:00) seen 12:00 closed'],
  },
  {
    name: 'that another signal fails later does not make a second finding',
    reports: deviceReports(
      { device: 'cems-1', from: '00:00', period: 'PT15M' },
      { nox: '9x32 _x40 9x36', so2: '5x52 _x20 5x36' },
    ),
    expected: ['cems-1 nox [00:00, 11-23 00:00) seen 12:00 closed'],
  },
  {
    name: 'the hours before the first reading ever are not missing',
    reports: gas('9x60', { from: '10:00' }),
    expected: [],
  },
  {
    name: 'a day without any data',
    reports: gas('9x8 _x184 9x8'),
    expected: [
      'cems-1 [00:00, 11-23 00:00) seen 06:00 closed',
      'cems-1 [11-23 00:00, 11-24 00:00) seen 11-23 04:00 closed',
    ],
  },
  {
    name: 'known to stand by its meters',
    plant: { line: MILL },
    reports: [...gas('9x32 _x16 9x60'), ...mill('300x32 3x16 300x60')],
    expected: [],
  },
  {
    name: 'at work by its meters',
    plant: { line: MILL },
    reports: [...gas('9x32 _x16 9x60'), ...mill('300x108')],
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'silent meters know nothing',
    plant: { line: MILL },
    reports: [...gas('9x32 _x16 9x60'), ...mill('300x32 _x16 300x60')],
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'an officer’s mark says that it stood',
    reports: [
      ...gas('9x32 _x16 9x60'),
      enteredMark(
        { site: 'plant', outlet: 'stack', state: 'stopped', from: rfc3339('08:00'), to: rfc3339('12:00') },
        '07:50',
      ),
    ],
    expected: [],
  },
  {
    name: 'a mark of the registry says that it stood',
    plant: {
      marks: [{ site: 'plant', outlet: 'stack', state: 'stopped', from: rfc3339('08:00'), to: rfc3339('12:00') }],
    },
    reports: gas('9x32 _x16 9x60'),
    expected: [],
  },
  {
    name: 'a mark of the device is no knowing until it is accepted',
    reports: [
      ...gas('9x32 _x16 9x60'),
      declaredMark({ device: 'cems-1', state: 'stopped', from: '08:00', until: '12:00' }),
    ],
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'maintenance makes hours invalid, and is no standstill',
    plant: {
      marks: [{ site: 'plant', outlet: 'stack', state: 'maintenance', from: rfc3339('08:00'), to: rfc3339('12:00') }],
    },
    reports: gas('9x108'),
    expected: [`${DAY} seen 12:00 closed`],
  },
  {
    name: 'minutes: fifteen invalid of sixty are allowed, sixteen are not',
    plant: { every: 'PT1M' },
    reports: [
      ...deviceReports(
        { device: 'cems-1', from: '00:00' },
        { nox: `${'9x44 _x16 '.repeat(4)} ${'9x45 _x15 '.repeat(21)}`, so2: '5x1500' },
      ),
    ],
    expected: ['cems-1 nox [00:00, 11-23 00:00) seen 04:00 closed'],
  },
  {
    name: 'hours of a device of hours',
    plant: { every: 'PT1H' },
    reports: deviceReports(
      { device: 'cems-1', from: '00:00', period: 'PT1H' },
      { nox: '9x8 _x4 9x14', so2: '9x8 _x4 9x14' },
    ),
    expected: [`${DAY} seen 12:00 closed`],
  },
];

const registryOf = (plant: PlantOptions = {}): string => plantRegistry({ outlet: STACK, every: 'PT15M', ...plant });

describe('quality.invalid-hours', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(plant), reports), 'quality.invalid-hours')).toEqual(expected);
  });

  it('says the numbers it rests on', () => {
    const [finding] = findingsOf(replayReports(registryOf(), gas('9x32 _x22 9x54')), 'quality.invalid-hours');
    expect(finding?.evidence).toMatchObject({ device: 'cems-1', count: 6, needed: 4, signals: ['nox', 'so2'] });
    const said = ['2026-11-22', 'cems-1', '6', '08:00', '13:00'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
