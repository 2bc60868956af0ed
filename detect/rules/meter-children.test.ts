import { describe, expect, it } from 'vitest';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, toRecords } from '../../tests/support/replay-reports.ts';

const RULE = 'falsification.meter';

/** m-total stands in front of m-a and m-b. */
function registry(totalEvery = 'PT1M'): string {
  const meter = { kind: 'meter', every: 'PT1M' } as const;
  return plantRegistry({
    line: { production: [{ device: 'm-a' }] },
    devices: [
      { id: 'm-total', kind: 'meter', every: totalEvery },
      { id: 'm-a', ...meter, parent: 'm-total' },
      { id: 'm-b', ...meter, parent: 'm-total' },
    ],
  });
}

interface Powers {
  readonly total: string;
  readonly a: string;
  readonly b: string;
  readonly totalEvery?: string;
  readonly totalPeriod?: 'PT15M' | 'PT1H';
}

function reports({ total, a, b, totalEvery = 'PT1M', totalPeriod }: Powers): readonly TestReport[] {
  const period = totalPeriod === undefined ? {} : { period: totalPeriod };
  return [
    ...deviceReports({ device: 'm-total', from: '08:00', every: totalEvery, ...period }, { power: total }),
    ...deviceReports({ device: 'm-a', from: '08:00' }, { power: a }),
    ...deviceReports({ device: 'm-b', from: '08:00' }, { power: b }),
  ];
}

interface Row {
  readonly name: string;
  readonly powers: Powers;
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'the parts exceed the whole for an hour',
    powers: { total: '500x60 200x60 500x30', a: '300x150', b: '150x150' },
    expected: ['m-total power [09:00, 10:00) seen 09:30 closed'],
  },
  {
    name: 'half an hour',
    powers: { total: '500x60 200x30 500x30', a: '300x120', b: '150x120' },
    expected: ['m-total power [09:00, 09:30) seen 09:30 closed'],
  },
  { name: 'a minute less', powers: { total: '500x60 200x29 500x30', a: '300x119', b: '150x119' }, expected: [] },
  { name: 'five per cent', powers: { total: '400x120', a: '270x120', b: '150x120' }, expected: [] },
  {
    name: 'more than five',
    powers: { total: '400x120', a: '271x120', b: '150x120' },
    expected: ['m-total power [08:00, …) seen 08:30 open'],
  },
  {
    name: 'near standstill a large meter shows nothing',
    powers: { total: '500x240 0x120', a: '300x240 2x120', b: '150x240 1x120' },
    expected: [],
  },
  {
    name: 'one part alone is too much already, the other is silent',
    powers: { total: '100x120', a: '300x120', b: '_x120' },
    expected: ['m-total power [08:00, …) seen 08:32 open'],
  },
  {
    name: 'a silent part is unknown: it does not end it',
    powers: { total: '100x60 400x10 100x50', a: '300x60 300x60', b: '50x60 _x20 50x40' },
    expected: ['m-total power [08:00, …) seen 08:30 open'],
  },
  {
    name: 'a silent whole neither extends nor ends',
    powers: { total: '100x20 _x40 100x20', a: '300x80', b: '50x80' },
    expected: ['m-total power [08:00, …) seen 09:11 open'],
  },
  {
    name: 'a start that the whole shows a quarter later',
    powers: { total: '100x1 400x7', a: '40x2 340x110', b: '50x112', totalEvery: 'PT15M' },
    expected: [],
  },
  {
    name: 'hours of the whole beside minutes of the parts: a ramp within the hour',
    powers: { total: '250x1 550x1 700x1', a: '0+5x100 500x80', b: '100x180', totalEvery: 'PT1H', totalPeriod: 'PT1H' },
    expected: [],
  },
  {
    name: 'a part that feeds back counts as it is',
    powers: { total: '200x120', a: '300x120', b: '-120x120' },
    expected: [],
  },
];

describe(`${RULE}: parts and whole`, () => {
  it.each(ROWS)('$name', ({ powers, expected }) => {
    expect(spansOf(replayReports(registry(powers.totalEvery), reports(powers)), RULE)).toEqual(expected);
  });

  it('a slow whole needs three of its cadences', () => {
    const powers = { total: '200x16', a: '300x240', b: '50x240', totalEvery: 'PT15M' };
    expect(spansOf(replayReports(registry('PT15M'), reports(powers)), RULE)).toEqual([
      'm-total power [08:00, …) seen 08:45 open',
    ]);
  });

  it('says the numbers it rests on', () => {
    const powers = { total: '500x60 200x60 500x30', a: '300x150', b: '150x150' };
    const [finding] = findingsOf(replayReports(registry(), reports(powers)), RULE);
    expect(finding?.severity).toBe('high');
    expect(finding?.evidence).toEqual({
      kind: 'children',
      device: 'm-total',
      since: rfc3339('09:00'),
      minutes: 60,
      neededMinutes: 30,
      parentKw: 200,
      childrenKw: 450,
      excessKw: 250,
      allowedShare: 0.05,
      children: [
        { device: 'm-a', kw: 300, minutes: 60 },
        { device: 'm-b', kw: 150, minutes: 60 },
      ],
      silent: [],
    });
    const said = ['09:00', 'm-total', '200 kW', '450 kW', 'm-a 300 kW', 'm-b 150 kW', '250 kW', '60'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('goes on after a restart in the middle', () => {
    const records = toRecords(registry(), reports({ total: '500x60 200x60', a: '300x120', b: '150x120' }));
    const engine = driveEngine();
    records.forEach((record, index) => {
      engine.take(record);
      if (index % 41 === 40) engine.restart('plant');
    });
    const found = engine.finish().filter(({ entry }) => entry.draft.rule.id === RULE);
    expect(found.map(({ entry }) => [rfc3339(entry.draft.startAt), rfc3339(entry.draft.detectedAt)])).toEqual([
      [rfc3339('09:00'), rfc3339('09:30')],
    ]);
  });
});
