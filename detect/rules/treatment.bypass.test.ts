import { describe, expect, it } from 'vitest';
import type { LineEntry } from '../../contracts/registry/registry-file.ts';
import { declaredMark, deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MILL = { device: 'm-mill', rated: 1000, on: 200 };
const BAG = { device: 'm-bag', rated: 100, on: 30 };

const stack = (bypass: string, more: Record<string, string> = {}, from = '08:00'): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from }, { bypass, ...more });
const mill = (power: string): readonly TestReport[] => deviceReports({ device: 'm-mill', from: '08:00' }, { power });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly line?: Partial<LineEntry>;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'ten minutes open while the line works are one',
    reports: [...mill('300x60'), ...stack('1.5x20 40x10 1.5x30')],
    expected: ['line-1 cems-1 [08:20, 08:30) seen 08:30 closed'],
  },
  { name: 'nine minutes are none', reports: [...mill('300x60'), ...stack('1.5x20 40x9 1.5x31')], expected: [] },
  {
    name: 'at the threshold it is open, below it a zero that is off',
    reports: [...mill('300x60'), ...stack('4.9x20 5x15 4.9x25')],
    expected: ['line-1 cems-1 [08:20, 08:35) seen 08:30 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: [...mill('300x60'), ...stack('1.5x20 40x40')],
    expected: ['line-1 cems-1 [08:20, …) seen 08:30 open'],
  },
  { name: 'nothing while production stands', reports: [...mill('3x60'), ...stack('90x60')], expected: [] },
  {
    name: 'production that stops ends it',
    reports: [...mill('300x40 3x20'), ...stack('40x60')],
    expected: ['line-1 cems-1 [08:00, 08:40) seen 08:10 closed'],
  },
  {
    name: 'production that begins begins it',
    reports: [...mill('3x20 300x40'), ...stack('40x60')],
    expected: ['line-1 cems-1 [08:20, …) seen 08:30 open'],
  },
  { name: 'a silent line is unknown', reports: [...mill('_x60'), ...stack('40x60')], expected: [] },
  {
    name: 'silence of the line neither extends nor ends it',
    reports: [...mill('300x6 _x10 300x44'), ...stack('40x60')],
    expected: ['line-1 cems-1 [08:00, …) seen 08:21 open'],
  },
  {
    name: 'flagged openings neither extend nor end it',
    reports: [...mill('300x60'), ...stack('40x5 40x20!D 40x4 1x31')],
    expected: [],
  },
  {
    name: 'a gap of the damper does not end it',
    reports: [...mill('300x60'), ...stack('40x6 _x5 40x5 1x44')],
    expected: ['line-1 cems-1 [08:00, 08:16) seen 08:16 closed'],
  },
  {
    name: 'a treatment meter may report its damper as well',
    line: { treatment: [BAG] },
    reports: [
      ...mill('300x60'),
      ...deviceReports({ device: 'm-bag', from: '08:00' }, { power: '80x60', bypass: '0x20 30x40' }),
    ],
    expected: ['line-1 m-bag [08:20, …) seen 08:30 open'],
  },
  {
    name: 'every line that feeds the stack and works',
    plant: { lines: [{ id: 'line-2', outlets: ['stack'], production: [{ device: 'm-other', on: 100 }] }] },
    reports: [
      ...mill('300x60'),
      ...deviceReports({ device: 'm-other', from: '08:00' }, { power: '3x30 150x30' }),
      ...stack('40x60'),
    ],
    expected: ['line-1 cems-1 [08:00, …) seen 08:10 open', 'line-2 cems-1 [08:30, …) seen 08:40 open'],
  },
  {
    name: 'hourly means of the damper beside a meter of minutes',
    plant: { devices: [{ id: 'cems-1', kind: 'cems', every: 'PT1H' }] },
    reports: [
      ...mill('300x150 3x31'),
      ...deviceReports({ device: 'cems-1', from: '08:00', period: 'PT1H' }, { bypass: '0 20 20 0' }),
    ],
    expected: ['line-1 cems-1 [09:00, 10:30) seen 10:00 closed'],
  },
  {
    name: 'without production meters the oxygen tells whether it works',
    line: { production: [] },
    reports: stack('40x60', { o2: '20.8x20 10x40' }),
    expected: ['line-1 cems-1 [08:20, …) seen 08:30 open'],
  },
  {
    name: 'without meters and oxygen nothing is known',
    line: { production: [] },
    reports: stack('40x60'),
    expected: [],
  },
];

const registryOf = ({ plant, line }: Pick<Row, 'plant' | 'line'>): string =>
  plantRegistry({ outlet: { limits: [] }, line: { production: [MILL], ...line }, ...plant });

describe('treatment.bypass', () => {
  it.each(ROWS)('$name', (row) => {
    expect(spansOf(replayReports(registryOf(row), row.reports), 'treatment.bypass')).toEqual(row.expected);
  });

  it('in a declared start-up it is information, and what it is once ten minutes lie outside', () => {
    const mark = declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '08:30' });
    const found = (minutes: number): unknown =>
      findingsOf(
        replayReports(registryOf({}), [
          mark,
          ...mill('300x90'),
          ...stack(`40x${String(minutes)} 1x${String(90 - minutes)}`),
        ]),
        'treatment.bypass',
      ).map(({ severity, evidence }) => [severity, evidence['mark'], evidence['markedMinutes'], evidence['minutes']]);
    expect(found(39)).toEqual([['info', 'start-up', 30, 39]]);
    expect(found(40)).toEqual([['high', 'start-up', 30, 40]]);
  });

  it('a state declared hours later excuses nothing', () => {
    const mark = declaredMark({ device: 'cems-1', state: 'fault', from: '08:00', until: '09:00', received: '09:20' });
    const reports = [mark, ...mill('300x90'), ...stack('40x60 1x30')];
    expect(findingsOf(replayReports(registryOf({}), reports), 'treatment.bypass')).toMatchObject([
      { severity: 'high' },
    ]);
  });

  it('says the numbers it rests on', () => {
    const reports = [...mill('300x60'), ...stack('1.5x20 40x10 60x10 1.5x20')];
    const [finding] = findingsOf(replayReports(registryOf({}), reports), 'treatment.bypass');
    expect(finding?.severity).toBe('high');
    expect(finding?.evidence).toEqual({
      line: 'line-1',
      device: 'cems-1',
      since: rfc3339('08:20'),
      minutes: 20,
      neededMinutes: 10,
      meanPercent: 50,
      maximumPercent: 60,
      openPercent: 5,
    });
    expect(
      finding === undefined
        ? ['nothing found']
        : wordProblems(finding, ['line-1', 'cems-1', '08:20', '50', '60', '20']),
    ).toEqual([]);
  });
});
