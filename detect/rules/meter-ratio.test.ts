import { describe, expect, it } from 'vitest';
import { declaredMark, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, newRegistry, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import { readRatio } from './meter-ratio.ts';

const RULE = 'falsification.meter';

function registry(ctRatio?: number): string {
  return plantRegistry({
    line: { production: [{ device: 'm-mill', rated: 400, on: 80 }] },
    devices: [{ id: 'm-mill', kind: 'meter', every: 'PT1M', ...(ctRatio === undefined ? {} : { ctRatio }) }],
  });
}

function told(at: string, ratio: number | string): TestReport {
  return {
    site: 'plant',
    device: 'm-mill',
    report: { ts: rfc3339(at), values: {}, parameters: { 'ct-ratio': ratio } },
  };
}

const maintenance = declaredMark({ device: 'm-mill', state: 'maintenance', from: '07:40', until: '08:20' });

interface Row {
  readonly name: string;
  readonly registered?: number;
  readonly arrivals: readonly Arrival[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'changed and set back',
    arrivals: [told('07:00', 200), told('08:00', 100), told('09:00', 100), told('10:00', 200), told('11:00', 200)],
    expected: ['line-1 m-mill power [08:00, 10:00) seen 08:00 closed'],
  },
  {
    name: 'the same number written as a fraction',
    arrivals: [told('07:00', 200), told('08:00', '1000/5'), told('09:00', '1000:5')],
    expected: [],
  },
  { name: 'under a mark', arrivals: [told('07:00', 200), maintenance, told('08:00', 300)], expected: [] },
  {
    name: 'after a change that was declared, set back without one',
    arrivals: [told('07:00', 200), maintenance, told('08:00', 300), told('12:00', 200)],
    expected: ['line-1 m-mill power [12:00, …) seen 12:00 open'],
  },
  { name: 'what is no ratio changes nothing', arrivals: [told('07:00', 200), told('08:00', 'n/a')], expected: [] },
  { name: 'as registered', registered: 200, arrivals: [told('07:00', '1000/5')], expected: [] },
  {
    name: 'never as registered, until it is',
    registered: 200,
    arrivals: [told('07:00', 100), told('08:00', 100), told('09:00', 200)],
    expected: ['line-1 m-mill power [07:00, 09:00) seen 07:00 closed'],
  },
  {
    name: 'a mark does not make an unregistered ratio right',
    registered: 200,
    arrivals: [told('07:00', 200), maintenance, told('08:00', 300)],
    expected: ['line-1 m-mill power [08:00, …) seen 08:00 open'],
  },
  {
    name: 'the registry takes the exchange over',
    registered: 200,
    arrivals: [
      told('07:00', 200),
      maintenance,
      told('08:00', 300),
      newRegistry(registry(300), '10:00'),
      told('11:00', 300),
    ],
    expected: ['line-1 m-mill power [07:00, 08:00) seen 07:00 closed'],
  },
];

describe(`${RULE}: transformer ratio`, () => {
  it.each(ROWS)('$name', ({ registered, arrivals, expected }) => {
    const result = replayReports(registry(registered), arrivals);
    expect(spansOf(result, RULE)).toEqual(expected);
    expect(spansOf(result, 'falsification.parameter')).toEqual([]);
  });

  it('says what it means for the energy', () => {
    const result = replayReports(registry(200), [told('07:00', 200), told('08:00', 80)]);
    const [finding] = findingsOf(result, RULE);
    expect(finding?.severity).toBe('high');
    expect(finding?.evidence).toEqual({
      kind: 'ratio',
      device: 'm-mill',
      since: rfc3339('08:00'),
      before: 200,
      after: 80,
      registered: 200,
      marked: false,
      seenShare: 0.4,
    });
    const said = ['08:00', 'm-mill', '200', '80', '40 %'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it.each([
    [200, 200],
    ['200', 200],
    ['1000/5', 200],
    [' 1000 : 5 ', 200],
    ['a/b', undefined],
    ['', undefined],
    ['1/2/3', undefined],
    [0, undefined],
    [-5, undefined],
  ])('%j is %j', (text, ratio) => {
    expect(readRatio(text)).toBe(ratio);
  });
});
