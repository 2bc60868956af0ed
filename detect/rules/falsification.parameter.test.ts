import { describe, expect, it } from 'vitest';
import { declaredMark, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { enteredMark, findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import type { WireReport } from '../../contracts/report.ts';
import { isSameSetting } from './falsification.parameter.ts';

const RULE = 'falsification.parameter';

type Settings = Readonly<Record<string, number | string>>;

function told(at: string, parameters: Settings, more: Partial<WireReport> = {}, device = 'cems-1'): TestReport {
  return { site: 'plant', device, report: { ts: rfc3339(at), values: {}, parameters, ...more } };
}

const maintenance = (from: string, until?: string): TestReport =>
  declaredMark({ device: 'cems-1', state: 'maintenance', from, ...(until === undefined ? {} : { until }) });

const STACK: PlantOptions = {
  outlet: { o2Reference: 10, limits: [{ signal: 'nox', max: 100, average: 'PT1H', from: '2024-01-01' }] },
  line: { production: [{ device: 'm-mill', on: 200 }] },
};

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly arrivals: readonly Arrival[];
  readonly expected: readonly string[];
}

const SLOPE = { 'nox.slope': 1 };
const OPEN = 'stack cems-1 nox [08:00, …) seen 08:00 open';

const ROWS: readonly Row[] = [
  {
    name: 'another slope, unmarked, holds',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }), told('09:00', { 'nox.slope': 0.85 })],
    expected: [OPEN],
  },
  { name: 'the first settings ever are learned', arrivals: [told('07:00', { 'nox.slope': 0.2 })], expected: [] },
  {
    name: 'the same settings each day',
    arrivals: [told('07:00', SLOPE), told('2026-11-23 07:00', { 'nox.slope': 1.0000000001 })],
    expected: [],
  },
  {
    name: 'set back: closed, and nothing new',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }), told('11:30', SLOPE)],
    expected: ['stack cems-1 nox [08:00, 11:30) seen 08:00 closed'],
  },
  {
    name: 'set anew under a mark: closed, and the new value stands',
    arrivals: [
      told('07:00', SLOPE),
      told('08:00', { 'nox.slope': 0.85 }),
      maintenance('10:00', '10:30'),
      told('10:20', { 'nox.slope': 0.97 }),
      told('12:00', { 'nox.slope': 0.97 }),
    ],
    expected: ['stack cems-1 nox [08:00, 10:20) seen 08:00 closed'],
  },
  {
    name: 'yet another value without a mark is another change',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }), told('09:00', { 'nox.slope': 0.7 })],
    expected: ['stack cems-1 nox [08:00, 09:00) seen 08:00 closed', 'stack cems-1 nox [09:00, …) seen 09:00 open'],
  },
  {
    name: 'a mark of the device covers it',
    arrivals: [told('07:00', SLOPE), maintenance('07:50', '08:10'), told('08:00', { 'nox.slope': 0.85 })],
    expected: [],
  },
  {
    name: 'the mark may stand in the same report',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }, { mark: { state: 'calibration' } })],
    expected: [],
  },
  {
    name: 'a mark that ended an hour before still counts',
    arrivals: [told('06:00', SLOPE), maintenance('06:30', '07:00'), told('08:00', { 'nox.slope': 0.85 })],
    expected: [],
  },
  {
    name: 'one that ended a second earlier does not',
    arrivals: [told('06:00', SLOPE), maintenance('06:30', '06:59:59'), told('08:00', { 'nox.slope': 0.85 })],
    expected: [OPEN],
  },
  {
    name: 'a state that is no work on the instrument does not',
    arrivals: [
      told('07:00', SLOPE),
      declaredMark({ device: 'cems-1', state: 'start-up', from: '07:30' }),
      told('08:00', { 'nox.slope': 0.85 }),
    ],
    expected: [OPEN],
  },
  {
    name: 'a mark that begins later does not',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }), maintenance('08:00:01', '09:00')],
    expected: [OPEN],
  },
  {
    name: 'the registry may know of the work',
    plant: {
      ...STACK,
      marks: [{ site: 'plant', outlet: 'stack', state: 'maintenance', from: rfc3339('07:30'), to: rfc3339('09:00') }],
    },
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 })],
    expected: [],
  },
  {
    name: 'an officer who enters the work afterwards takes the finding back',
    arrivals: [
      told('07:00', SLOPE),
      told('08:00', { 'nox.slope': 0.85 }),
      enteredMark(
        { site: 'plant', outlet: 'stack', state: 'calibration', from: rfc3339('07:30'), to: rfc3339('08:30') },
        '10:00',
      ),
      told('11:00', { 'nox.slope': 0.85 }),
    ],
    expected: [],
  },
  {
    name: 'the channel flagged C in the report before',
    arrivals: [
      told('07:00', SLOPE),
      told('07:59', {}, { values: { nox: 50 }, flags: { nox: 'C' } }),
      told('08:00', { 'nox.slope': 0.85 }, { values: { nox: 50 } }),
    ],
    expected: [],
  },
  {
    name: 'another channel flagged C',
    arrivals: [
      told('07:00', SLOPE),
      told('08:00', { 'nox.slope': 0.85 }, { values: { nox: 50, so2: 9 }, flags: { so2: 'C' } }),
    ],
    expected: [OPEN],
  },
  {
    name: 'several settings of two signals: one finding each',
    arrivals: [
      told('07:00', { 'nox.slope': 1, 'nox.intercept': 0, 'so2.range': '0-200', firmware: 'a' }),
      told('08:00', { 'nox.slope': 0.9, 'nox.intercept': -3, 'so2.range': '0-100', firmware: 'b' }),
    ],
    expected: [OPEN, 'stack cems-1 so2 [08:00, …) seen 08:00 open', 'stack cems-1 [08:00, …) seen 08:00 open'].sort(),
  },
  {
    name: 'a finding of two settings ends with the later one',
    arrivals: [
      told('07:00', { 'nox.slope': 1, 'nox.intercept': 0 }),
      told('08:00', { 'nox.slope': 0.9, 'nox.intercept': -3 }),
      told('09:00', { 'nox.slope': 1 }),
      told('10:00', { 'nox.intercept': 0 }),
    ],
    expected: ['stack cems-1 nox [08:00, 10:00) seen 08:00 closed'],
  },
  {
    name: 'a meter of one line',
    arrivals: [
      told('07:00', { 'pulse-constant': 6400 }, {}, 'm-mill'),
      told('08:00', { 'pulse-constant': 640 }, {}, 'm-mill'),
    ],
    expected: ['line-1 m-mill [08:00, …) seen 08:00 open'],
  },
  {
    name: 'with a period: from its start, seen at its end',
    arrivals: [told('07:00', SLOPE), told('08:00', { 'nox.slope': 0.85 }, { period: 'PT10M', values: { nox: 40 } })],
    expected: ['stack cems-1 nox [08:00, …) seen 08:10 open'],
  },
  {
    name: 'what arrives late is put where it belongs',
    arrivals: [
      told('07:00', SLOPE),
      told('08:30', { 'nox.slope': 0.85 }),
      { ...told('08:00', { 'nox.slope': 0.85 }), received: moment('08:40') },
      told('09:30', { 'nox.slope': 0.85 }),
    ],
    expected: [OPEN],
  },
  {
    name: 'names that a plain record has by itself',
    arrivals: [
      told('07:00', { constructor: 1, toString: 2 }),
      told('08:00', JSON.parse('{"constructor": 2, "toString": 2, "__proto__": 3}') as Settings),
    ],
    expected: ['stack cems-1 [08:00, …) seen 08:00 open'],
  },
];

describe(RULE, () => {
  it.each(ROWS)('$name', ({ plant = STACK, arrivals, expected }) => {
    expect(spansOf(replayReports(plantRegistry(plant), arrivals), RULE)).toEqual(expected);
  });

  it('is high where a limit hangs on the setting', () => {
    const severity = (name: string): string | undefined => {
      const arrivals = [told('07:00', { [name]: 2 }), told('08:00', { [name]: 1 })];
      return findingsOf(replayReports(plantRegistry(STACK), arrivals), RULE)[0]?.severity;
    };
    const names = ['nox.slope', 'nox.range', 'o2.intercept', 'o2-reference', 'so2.slope', 'nox.filter', 'firmware'];
    expect(names.map(severity)).toEqual(['high', 'high', 'high', 'high', 'medium', 'medium', 'medium']);
  });

  it('says the numbers it rests on', () => {
    const arrivals = [
      told('07:00', { 'nox.slope': 1.25, 'nox.intercept': 0 }),
      told('08:00', { 'nox.slope': 1, 'nox.intercept': -2 }),
    ];
    const [finding] = findingsOf(replayReports(plantRegistry(STACK), arrivals), RULE);
    expect(finding?.evidence).toEqual({
      device: 'cems-1',
      signal: 'nox',
      since: rfc3339('08:00'),
      names: ['nox.slope', 'nox.intercept'],
      changes: [
        { name: 'nox.slope', before: 1.25, after: 1, heldSince: rfc3339('07:00'), ratio: 0.8 },
        { name: 'nox.intercept', before: 0, after: -2, heldSince: rfc3339('07:00'), ratio: null },
      ],
      afterMarkMinutes: 60,
    });
    const said = ['nox.slope', '1.25', '0.8', '07:00', '08:00', '60', 'nox.intercept'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it.each([
    [1, 1.0000000001, true],
    [1, 1.00000001, false],
    [1, '1.0', true],
    ['0-200', ' 0-200', true],
    ['0-200', '0-100', false],
    [0, 0, true],
    [0, -0.5, false],
    ['', 0, false],
  ])('%j and %j: same = %j', (a, b, same) => {
    expect(isSameSetting(a, b)).toBe(same);
  });
});
