import { describe, expect, it } from 'vitest';
import { deviceReports, type DeviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';
import type { WireValue } from '../../contracts/report.ts';

const STACK = { resolution: { nox: 0.5 } };

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '08:00', ...options }, { nox: text });
}

/** The same reports, sent at a later time one second apart. */
function again(reports: readonly TestReport[], received: string): TestReport[] {
  return reports.map((report, index) => ({ ...report, received: moment(received) + 1_000 * index }));
}

function hour(value: WireValue, received?: string): TestReport {
  const report = { ts: rfc3339('08:00'), period: 'PT1H' as const, values: { nox: value } };
  return { site: 'plant', device: 'cems-1', report, ...(received === undefined ? {} : { received: moment(received) }) };
}

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'another value for the same minute',
    reports: [...nox('40x60'), ...again(nox('30', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'the same value again is a repeat',
    reports: [...nox('40x60'), ...again(nox('40x20'), '09:10')],
    expected: [],
  },
  {
    name: 'a difference of the resolution is none',
    reports: [...nox('40x60'), ...again(nox('40.5', { from: '08:10' }), '09:10')],
    expected: [],
  },
  {
    name: 'a difference of more than the resolution is one',
    reports: [...nox('40x60'), ...again(nox('40.6', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'without a known resolution any difference is one',
    plant: { outlet: {} },
    reports: [...nox('40x60'), ...again(nox('40.01', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'the same value with another flag',
    reports: [...nox('40x60'), ...again(nox('40!M', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'a value below zero made positive',
    reports: [...nox('-2x60'), ...again(nox('2', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'that it is marked as resent does not excuse it',
    reports: [...nox('40x60'), ...again(nox('30', { from: '08:10', resent: true }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'a run of minutes is one finding',
    reports: [...nox('40x60'), ...again(nox('30x12', { from: '08:10' }), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:22) seen 08:10 closed'],
  },
  {
    name: 'a run that is sent newest first is one finding',
    reports: [...nox('40x60'), ...again([...nox('30x3', { from: '08:10' })].reverse(), '09:10')],
    expected: ['stack cems-1 nox [08:10, 08:13) seen 08:10 closed'],
  },
  {
    name: 'two runs far apart are two',
    reports: [
      ...nox('40x60'),
      ...again([...nox('30x3', { from: '08:10' }), ...nox('30x3', { from: '08:40' })], '09:10'),
    ],
    expected: [
      'stack cems-1 nox [08:10, 08:13) seen 08:10 closed',
      'stack cems-1 nox [08:40, 08:43) seen 08:40 closed',
    ],
  },
  {
    name: 'the first reading ever, sent again',
    reports: [...nox('40'), ...again(nox('30'), '08:20')],
    expected: ['stack cems-1 nox [08:00, 08:01) seen 08:00 closed'],
  },
  {
    name: 'a gap that is filled later is no rewrite',
    reports: [...nox('40x10 _x10 40x40'), ...again(nox('30x10', { from: '08:10' }), '09:10')],
    expected: [],
  },
  {
    name: 'an hour is another identity than its minutes',
    reports: [...nox('40x60'), hour(35)],
    expected: [],
  },
  {
    name: 'another hour for the same hour',
    reports: [hour(40), hour(30, '09:30')],
    expected: ['stack cems-1 nox [08:00, 09:00) seen 09:00 closed'],
  },
  {
    name: 'the same mean with another maximum',
    reports: [hour({ avg: 40, max: 80 }), hour({ avg: 40, max: 60 }, '09:30')],
    expected: ['stack cems-1 nox [08:00, 09:00) seen 09:00 closed'],
  },
  {
    name: 'the same statistics are a repeat',
    reports: [hour({ avg: 40, max: 80 }), hour({ avg: 40, max: 80 }, '09:30')],
    expected: [],
  },
  {
    name: 'only one of two signals changed',
    reports: [
      ...deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '40x30', o2: '9x30' }),
      ...again(deviceReports({ device: 'cems-1', from: '08:10' }, { nox: '40', o2: '12' }), '09:10'),
    ],
    expected: ['stack cems-1 o2 [08:10, 08:11) seen 08:10 closed'],
  },
  {
    name: 'a meter of one line',
    plant: { line: { production: [{ device: 'm-mill', on: 200 }] } },
    reports: [
      ...deviceReports({ device: 'm-mill', from: '08:00' }, { power: '300x30' }),
      ...again(deviceReports({ device: 'm-mill', from: '08:10' }, { power: '3x5' }), '09:10'),
    ],
    expected: ['line-1 m-mill power [08:10, 08:15) seen 08:10 closed'],
  },
];

const registryOf = (plant: PlantOptions = {}): string => plantRegistry({ outlet: STACK, ...plant });

describe('falsification.rewritten', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(plant), reports), 'falsification.rewritten')).toEqual(expected);
  });

  it('the same rewrite sent twice counts once', () => {
    const reports = [
      ...nox('40x60'),
      ...again(nox('30', { from: '08:10' }), '09:10'),
      ...again(nox('30', { from: '08:10' }), '09:20'),
    ];
    const [finding] = findingsOf(replayReports(registryOf(), reports), 'falsification.rewritten');
    expect(finding?.evidence).toMatchObject({ count: 1 });
  });

  it('however much later it is sent again', () => {
    const rewrite = nox('30', { from: '08:10' });
    const reports = [...nox('40x320'), ...again(rewrite, '09:10'), ...again(rewrite, '13:10')];
    const findings = findingsOf(replayReports(registryOf(), reports), 'falsification.rewritten');
    expect(findings.map(({ evidence, revision }) => [evidence['count'], revision])).toEqual([[1, 1]]);
  });

  it('ten values are an edit', () => {
    const edited = (count: number): string | undefined => {
      const reports = [...nox('40x60'), ...again(nox(`30x${String(count)}`, { from: '08:10' }), '09:10')];
      return findingsOf(replayReports(registryOf(), reports), 'falsification.rewritten')[0]?.severity;
    };
    expect([edited(9), edited(10)]).toEqual(['medium', 'high']);
  });

  it('the first value stays the evidence of the means', () => {
    const reports = [...nox('40x61'), ...again(nox('20x60'), '09:10')];
    const { means } = replayReports(registryOf(), reports);
    expect(means.find(({ average }) => average === 'PT1H')).toMatchObject({ mean: 40, rewritten: 20 });
  });

  it('says the numbers it rests on', () => {
    const reports = [...nox('40x60'), ...again(nox('31.5x3!M', { from: '08:10' }), '09:10')];
    const [finding] = findingsOf(replayReports(registryOf(), reports), 'falsification.rewritten');
    expect(finding?.evidence).toMatchObject({ signal: 'nox', since: rfc3339('08:10'), count: 3, resolution: 0.5 });
    expect(finding?.evidence['changes']).toContainEqual({
      at: rfc3339('08:10'),
      first: 40,
      firstFlag: 'N',
      later: 31.5,
      laterFlag: 'M',
      received: rfc3339('09:10'),
      resent: false,
    });
    const said = ['3', '08:10', '40 mg/m³', '31.5 mg/m³', 'N', 'M'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('says in words what changed where it is no plain number', () => {
    const registry = registryOf({ line: { cameras: ['cam-1'] } });
    const picture = (hash: string): TestReport => ({
      site: 'plant',
      device: 'cam-1',
      report: { ts: rfc3339('08:00'), values: { 'picture-hash': hash } },
    });
    const texts = replayReports(registry, [picture('aa11'), ...again([picture('bb22')], '08:10')]);
    const statistics = replayReports(registry, [hour({ max: 80 }), hour({ max: 60 }, '09:30')]);
    const wrong = [
      ...findingsOf(texts, 'falsification.rewritten').flatMap((finding) => wordProblems(finding, ['aa11', 'bb22'])),
      ...findingsOf(statistics, 'falsification.rewritten').flatMap((finding) => wordProblems(finding, ['80', '60'])),
    ];
    expect(wrong).toEqual([]);
    expect([...texts.findings, ...statistics.findings].length).toBeGreaterThanOrEqual(2);
  });
});
