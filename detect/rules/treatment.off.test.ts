import { describe, expect, it } from 'vitest';
import type { LineEntry } from '../../contracts/registry/registry-file.ts';
import {
  declaredMark,
  deviceReports,
  type DeviceReports,
  type TestReport,
} from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MILL = { device: 'm-mill', rated: 1000, on: 200 };
const BAG = { device: 'm-bag', rated: 100, on: 30 };
const FAN_A = { device: 'm-fan-a', rated: 100, on: 30, stage: 'dust' };
const FAN_B = { device: 'm-fan-b', rated: 100, on: 30, stage: 'dust' };
const FAN_C = { device: 'm-fan-c', rated: 100, on: 30, stage: 'dust' };

type Power = Readonly<Record<string, string>>;

function meters(powers: Power, options: Partial<DeviceReports> = {}): TestReport[] {
  return Object.entries(powers).flatMap(([device, power]) =>
    deviceReports({ device, from: '08:00', ...options }, { power }),
  );
}

interface Row {
  readonly name: string;
  readonly treatment?: LineEntry['treatment'];
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'nine minutes off are none',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x9 90x41' }),
    expected: [],
  },
  {
    name: 'ten minutes off are one, decided by the contrary input that covers the tenth minute',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x10 90x40' }),
    expected: ['line-1 m-bag [08:10, 08:20) seen 08:20 closed'],
  },
  {
    name: 'eleven minutes off are seen after ten',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x11 90x39' }),
    expected: ['line-1 m-bag [08:10, 08:21) seen 08:20 closed'],
  },
  {
    name: 'at the threshold the unit is on, just under it is off',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 30x20 29.9x10 90x20' }),
    expected: ['line-1 m-bag [08:30, 08:40) seen 08:40 closed'],
  },
  {
    name: 'at its threshold production is on, just under it is off',
    reports: meters({ 'm-mill': '199.9x20 200x15 199.9x25', 'm-bag': '5x60' }),
    expected: ['line-1 m-bag [08:20, 08:35) seen 08:30 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: meters({ 'm-mill': '300x30', 'm-bag': '90x10 5x20' }),
    expected: ['line-1 m-bag [08:10, …) seen 08:20 open'],
  },
  {
    name: 'off from the first reading ever',
    reports: meters({ 'm-mill': '300x20', 'm-bag': '5x20' }),
    expected: ['line-1 m-bag [08:00, …) seen 08:10 open'],
  },
  {
    name: 'a gap does not count: five covered minutes before it and four after are nine',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x6 _x5 5x4 90x35' }),
    expected: [],
  },
  {
    name: 'a gap does not end: five covered minutes before it and five after are ten',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x6 _x5 5x5 90x34' }),
    expected: ['line-1 m-bag [08:10, 08:26) seen 08:26 closed'],
  },
  {
    name: 'one missing minute is a gap of two, longer than one and a half cadences',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x5 _ 5x5 90x39' }),
    expected: [],
  },
  {
    name: 'a contrary minute ends: nine and nine are not eighteen',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x9 90 5x9 90x31' }),
    expected: [],
  },
  {
    name: 'stop and restart of the unit are two findings',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x5 5x12 90x5 5x12 90x26' }),
    expected: ['line-1 m-bag [08:05, 08:17) seen 08:15 closed', 'line-1 m-bag [08:22, 08:34) seen 08:32 closed'],
  },
  {
    name: 'flagged values are unknown, not off',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 0x30!D 90x20' }),
    expected: [],
  },
  {
    name: 'flagged production is unknown, not on',
    reports: meters({ 'm-mill': '300x5 300x40!B 300x15', 'm-bag': '90x5 5x40 90x15' }),
    expected: [],
  },
  {
    name: 'both stopped is no finding',
    reports: meters({ 'm-mill': '300x10 3x40 300x10', 'm-bag': '90x10 5x40 90x10' }),
    expected: [],
  },
  {
    name: 'production that stops ends it',
    reports: meters({ 'm-mill': '300x30 3x30', 'm-bag': '90x10 5x50' }),
    expected: ['line-1 m-bag [08:10, 08:30) seen 08:20 closed'],
  },
  {
    name: 'a fan that starts before production and runs on after it is not it',
    reports: meters({ 'm-mill': '3x20 300x20 3x20', 'm-bag': '5x10 90x40 5x10' }),
    expected: [],
  },
  {
    name: 'a silent treatment meter is unknown',
    reports: meters({ 'm-mill': '300x60', 'm-bag': '90x10 _x50' }),
    expected: [],
  },
  {
    name: 'a treatment meter that was never heard is unknown',
    reports: meters({ 'm-mill': '300x60' }),
    expected: [],
  },
  {
    name: 'silent production is unknown and neither extends nor ends',
    reports: meters({ 'm-mill': '300x16 _x20 300x24', 'm-bag': '5x45 90x15' }),
    expected: ['line-1 m-bag [08:00, 08:45) seen 08:10 closed'],
  },
  {
    name: 'a reading below zero is off',
    reports: meters({ 'm-mill': '300x30', 'm-bag': '90x5 -0.4x15 90x10' }),
    expected: ['line-1 m-bag [08:05, 08:20) seen 08:15 closed'],
  },
  {
    name: 'a spare unit of the stage runs instead',
    treatment: [FAN_A, FAN_B],
    reports: meters({ 'm-mill': '300x60', 'm-fan-a': '90x20 5x40', 'm-fan-b': '5x20 90x40' }),
    expected: [],
  },
  {
    name: 'with both units of the stage off each is a finding',
    treatment: [FAN_A, FAN_B],
    reports: meters({ 'm-mill': '300x60', 'm-fan-a': '90x20 5x40', 'm-fan-b': '5x45 90x15' }),
    expected: ['line-1 m-fan-a [08:20, 08:45) seen 08:30 closed', 'line-1 m-fan-b [08:20, 08:45) seen 08:30 closed'],
  },
  {
    name: 'two needed and one on: those that are off are findings',
    treatment: [
      { ...FAN_A, need: 2 },
      { ...FAN_B, need: 2 },
      { ...FAN_C, need: 2 },
    ],
    reports: meters({ 'm-mill': '300x40', 'm-fan-a': '90x40', 'm-fan-b': '90x20 5x20', 'm-fan-c': '5x40' }),
    expected: ['line-1 m-fan-b [08:20, …) seen 08:30 open', 'line-1 m-fan-c [08:20, …) seen 08:30 open'],
  },
  {
    name: 'a silent spare may be running',
    treatment: [FAN_A, FAN_B],
    reports: meters({ 'm-mill': '300x60', 'm-fan-a': '5x60', 'm-fan-b': '5x5 _x55' }),
    expected: [],
  },
  {
    name: 'meters without a stage must each be on',
    treatment: [BAG, { device: 'm-sncr', on: 10 }],
    reports: meters({ 'm-mill': '300x30', 'm-bag': '90x30', 'm-sncr': '1x30' }),
    expected: ['line-1 m-sncr [08:00, …) seen 08:10 open'],
  },
  {
    name: 'one production meter on is production',
    plant: { line: { production: [MILL, { device: 'm-kiln', on: 100 }], treatment: [BAG] } },
    reports: meters({ 'm-mill': '3x30', 'm-kiln': '150x30', 'm-bag': '5x30' }),
    expected: ['line-1 m-bag [08:00, …) seen 08:10 open'],
  },
  {
    name: 'means of a quarter of an hour are covered time as well',
    reports: meters({ 'm-mill': '300x4', 'm-bag': '90 5 90 90' }, { period: 'PT15M' }),
    expected: ['line-1 m-bag [08:15, 08:30) seen 08:30 closed'],
  },
  {
    name: 'an hourly production meter beside a treatment meter of minutes: decided when both have spoken',
    plant: {
      devices: [
        { id: 'm-mill', kind: 'meter', every: 'PT1H' },
        { id: 'm-bag', kind: 'meter', every: 'PT1M' },
      ],
    },
    reports: [...meters({ 'm-mill': '300 300 3' }, { period: 'PT1H' }), ...meters({ 'm-bag': '90x30 5x15 90x136' })],
    expected: ['line-1 m-bag [08:30, 08:45) seen 09:00 closed'],
  },
  {
    name: 'a meter of five minutes beside one of one minute',
    plant: {
      devices: [
        { id: 'm-mill', kind: 'meter', every: 'PT5M' },
        { id: 'm-bag', kind: 'meter', every: 'PT1M' },
      ],
    },
    reports: [...meters({ 'm-mill': '300x13' }, { every: 'PT5M' }), ...meters({ 'm-bag': '90x10 5x20 90x31' })],
    expected: ['line-1 m-bag [08:10, 08:30) seen 08:20 closed'],
  },
  {
    name: 'minutes and quarters of one meter do not count twice',
    reports: [
      ...meters({ 'm-mill': '300x60', 'm-bag': '90x15 5x9 90x36' }),
      ...meters({ 'm-mill': '300x4', 'm-bag': '90 39 90 90' }, { period: 'PT15M' }),
    ],
    expected: [],
  },
  {
    name: 'power from the register where there is no other',
    reports: [
      ...meters({ 'm-mill': '300x31' }),
      ...deviceReports({ device: 'm-bag', from: '08:00' }, { energy: '100+1.5x11 115x20' }),
    ],
    expected: ['line-1 m-bag [08:10, …) seen 08:20 open'],
  },
  {
    name: 'a threshold that is not registered is a fifth of the rated power at first',
    treatment: [{ device: 'm-bag', rated: 100 }],
    reports: meters({ 'm-mill': '300x30', 'm-bag': '20x10 19.9x20' }),
    expected: ['line-1 m-bag [08:10, …) seen 08:20 open'],
  },
  {
    name: 'without threshold and rated power nothing is said',
    treatment: [{ device: 'm-bag' }],
    reports: meters({ 'm-mill': '300x30', 'm-bag': '0x30' }),
    expected: [],
  },
];

const registryOf = ({ treatment = [BAG], plant = {} }: Row): string =>
  plantRegistry({ outlet: null, line: { production: [MILL], treatment }, ...plant });

describe('treatment.off', () => {
  it.each(ROWS)('$name', (row) => {
    expect(spansOf(replayReports(registryOf(row), row.reports), 'treatment.off')).toEqual(row.expected);
  });

  // An instant without a usable power takes that of the next one (segmentPower in core/read-report.ts).
  it('the last minute under a maintenance mark is unknown as well', () => {
    const registry = plantRegistry({ outlet: null, line: { production: [MILL], treatment: [BAG] } });
    const reports = [
      ...meters({ 'm-mill': '300x60', 'm-bag': '90x10 5x19 90x31' }),
      declaredMark({ device: 'm-bag', state: 'maintenance', from: '08:10', until: '08:20' }),
    ];
    expect(spansOf(replayReports(registry, reports), 'treatment.off')).toEqual([]);
  });

  it('a site may set its own duration', () => {
    const registry = plantRegistry({
      outlet: null,
      line: { production: [MILL], treatment: [BAG] },
      site: { rules: { 'treatment.off': { durationMs: 300_000 } } },
    });
    const reports = meters({ 'm-mill': '300x20', 'm-bag': '90x5 5x5 90x10' });
    expect(spansOf(replayReports(registry, reports), 'treatment.off')).toEqual([
      'line-1 m-bag [08:05, 08:10) seen 08:10 closed',
    ]);
  });

  it('grows while it goes on, and is critical after four hours', () => {
    const registry = plantRegistry({ outlet: null, line: { production: [MILL], treatment: [BAG] } });
    const [finding] = findingsOf(
      replayReports(registry, meters({ 'm-mill': '300x241', 'm-bag': '5x241' })),
      'treatment',
    );
    expect(finding).toMatchObject({ state: 'open', severity: 'critical', evidence: { minutes: 240 } });
    expect(finding?.revision).toBeLessThanOrEqual(6);
  });

  it('says the numbers it rests on', () => {
    const registry = plantRegistry({ outlet: null, line: { production: [MILL], treatment: [BAG] } });
    const reports = meters({ 'm-mill': '312.5x30', 'm-bag': '90x10 4.2x15 90x5' });
    const [finding] = findingsOf(replayReports(registry, reports), 'treatment.off');
    expect(finding?.evidence).toEqual({
      line: 'line-1',
      device: 'm-bag',
      since: '2026-11-22T08:10:00+08:00',
      minutes: 15,
      neededMinutes: 10,
      productionKw: 312.5,
      treatmentKw: expect.closeTo(4.2, 9) as number,
      onKw: 30,
      need: 1,
      running: 0,
    });
    expect(
      finding === undefined
        ? ['nothing found']
        : wordProblems(finding, ['08:10', 'line-1', 'm-bag', '312.5', '4.2', '30', '15']),
    ).toEqual([]);
  });
});
