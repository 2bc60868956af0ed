import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingLine, findingsOf, replayReports, toRecords, type Arrival } from '../../tests/support/replay-reports.ts';

const NOX = { signal: 'nox', max: 100, average: 'PT1H', source: 'DB41/1953-2020' } as const;
type Series = Readonly<Record<string, string>>;

const stack = (signals: Series, from = '08:00'): readonly Arrival[] =>
  deviceReports({ device: 'cems-1', from }, signals);

function played(arrivals: readonly Arrival[], options: PlantOptions = {}, until = '12:00'): readonly Finding[] {
  const registry = plantRegistry({ ...options, outlet: { limits: [NOX], ...options.outlet } });
  return findingsOf(replayReports(registry, [...arrivals, ...timePasses(until)]), 'limit.surge');
}

const lines = (...of: Parameters<typeof played>): readonly string[] =>
  played(...of).map((finding) => findingLine(finding).slice('limit.surge '.length));

describe('a sudden rise', () => {
  it.each([
    ['by more than half the limit is one', '20x30 70.1x10 70x20', ['low 11-22 08:30 → 11-22 08:40 closed']],
    ['by half the limit exactly is none', '20x30 70x30', []],
    ['above the limit weighs more', '20x30 120x30', ['medium 11-22 08:30 → 11-22 08:40 closed']],
    ['that goes on is one finding', '10x30 70x10 130x10 130x10', ['medium 11-22 08:30 → 11-22 08:50 closed']],
    ['a fall is none', '120x30 20x30', []],
    ['a slow rise is none', '10x10 40x10 70x10 100x10', []],
    [
      'two rises with a calm period between are two',
      '10x10 70x10 10x10 70x20',
      ['low 11-22 08:10 → 11-22 08:20 closed', 'low 11-22 08:30 → 11-22 08:40 closed'],
    ],
    ['across the full hour', '20x60 90x20', ['low 11-22 09:00 → 11-22 09:10 closed']],
    ['at the end of the hour', '20x50 90x20', ['low 11-22 08:50 → 11-22 09:00 closed']],
    ['eight of ten minutes are enough', '20x30 90x8 _x2 90x10', ['low 11-22 08:30 → 11-22 08:40 closed']],
    ['seven are not', '20x30 90x7 _x3 90x10', []],
    ['invalid minutes do not count', '20x30 90x7 90x3!M 90x10', []],
    ['without a predecessor nothing is known', '20x30 _x10 90x20', []],
    ['a value over its range is a bound, no mean', '20x30 90x1!T 90x9 90x10', []],
    ['the other period after a gap ends it', '10x30 70x10 _x30 70x20', ['low 11-22 08:30 → 11-22 08:40 closed']],
  ])('%s', (_name, nox, expected) => {
    expect(lines(stack({ nox }))).toEqual(expected);
  });

  it('stays open until a known period shows that it is over', () => {
    expect(lines(stack({ nox: '10x30 70x10' }))).toEqual(['low 11-22 08:30 → … open']);
    // the period right after the gap has nothing to be compared with
    expect(lines(stack({ nox: '10x30 70x10 _x30 70x10' }))).toEqual(['low 11-22 08:30 → … open']);
  });

  it('tells the rise, both means, the limit and its source, and is seen at the end of its period', () => {
    const [finding] = played(stack({ nox: '20x30 90x30' }));
    expect(finding).toMatchObject({
      rule: 'limit.surge',
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      start: rfc3339('08:30'),
      end: rfc3339('08:40'),
      detectedAt: rfc3339('08:40'),
      severity: 'low',
      evidence: {
        limit: { max: 100, average: 'PT1H', source: 'DB41/1953-2020' },
        share: 0.5,
        threshold: 50,
        periods: [{ start: rfc3339('08:30'), value: 90, before: 20, rise: 70, mean: 90, valid: 10, expected: 10 }],
        worst: { rise: 70 },
      },
    });
    expect(wordProblems(finding as Finding, ['20', '90', '70', '50', '100'])).toEqual([]);
  });

  it.each(['PT1M', 'PT10M'] as const)('of a device that makes means of %s', (period) => {
    const perTen = period === 'PT1M' ? 10 : 1;
    const registry = plantRegistry({
      devices: [{ id: 'cems-1', kind: 'cems', every: period }],
      outlet: { limits: [NOX] },
    });
    const nox = `20x${String(3 * perTen)} 90x${String(3 * perTen)}`;
    const reports = deviceReports({ device: 'cems-1', from: '08:00', period }, { nox });
    const found = findingsOf(replayReports(registry, [...reports, ...timePasses('12:00')]), 'limit.surge');
    expect(found.map(findingLine)).toEqual(['limit.surge low 11-22 08:30 → 11-22 08:40 closed']);
  });

  it('of samples within the minute', () => {
    const devices = [{ id: 'cems-1', kind: 'cems' as const, every: 'PT10S' }];
    const samples = deviceReports({ device: 'cems-1', from: '08:00', every: 'PT10S' }, { nox: '20x180 90x180' });
    expect(lines(samples, { devices })).toEqual(['low 11-22 08:30 → 11-22 08:40 closed']);
  });
});

describe('the compared value', () => {
  const reference = { outlet: { limits: [NOX], o2Reference: 10 } };

  it('is converted: a rise of the O2 alone is one as well', () => {
    // 60 × 11 / (21 − 10) = 60; 60 × 11 / (21 − 16) = 132
    const [finding] = played(stack({ nox: '60x60', o2: '10x30 16x30' }), reference);
    expect(finding?.evidence['periods']).toMatchObject([{ value: 132, before: 60, mean: 60, o2: 16 }]);
  });

  it('is not known without O2, or in air', () => {
    expect(lines(stack({ nox: '10x30 200x30' }), reference)).toEqual([]);
    expect(lines(stack({ nox: '10x30 200x30', o2: '10x30 20.6x30' }), reference)).toEqual([]);
  });

  it('is dried', () => {
    const wet = { outlet: { limits: [NOX], basis: 'wet' as const } };
    // 60 / (1 − 0.5) − 20 / 0.5 = 80
    const [finding] = played(stack({ nox: '20x30 60x30', humidity: '50x60' }), wet);
    expect(finding?.evidence['periods']).toMatchObject([{ value: 120, before: 40, rise: 80 }]);
  });

  it('is that of the stand-in where the first device has none', () => {
    const device = [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }];
    const backup = deviceReports({ device: 'cems-2', from: '08:00' }, { nox: '20x30 90x30' });
    const found = played(backup, { outlet: { limits: [NOX], device } });
    expect(found.map(({ subject }) => subject.device)).toEqual(['cems-2']);
  });
});

describe('the limit', () => {
  const at = (limits: NonNullable<PlantOptions['outlet']>['limits'], nox: string): readonly string[] =>
    lines(stack({ nox }), { outlet: { limits } });

  it('is that of the hour first, then the shortest', () => {
    const day = { signal: 'nox', max: 200, average: 'P1D' };
    expect(at([day, NOX], '20x30 80x30')).toHaveLength(1);
    expect(at([day, { ...NOX, average: 'PT5M' }], '20x30 80x30')).toHaveLength(1);
    expect(at([day], '20x30 80x30')).toEqual([]);
    expect(at([day], '20x30 130x30')).toHaveLength(1);
  });

  it('has to be in force, legal, and a maximum', () => {
    expect(at([{ ...NOX, from: rfc3339('08:40') }], '20x30 90x30')).toEqual([]);
    expect(at([{ ...NOX, role: 'warning' }], '20x30 90x30')).toEqual([]);
    expect(at([{ signal: 'nox', min: 100, average: 'PT1H' }], '20x30 90x30')).toEqual([]);
  });
});

describe('it is silent', () => {
  const line = { line: { production: [{ device: 'm-1', on: 100 }] } };
  const meter = (power: string): readonly Arrival[] => deviceReports({ device: 'm-1', from: '08:00' }, { power });
  const mark = (state: string, from: string, until: string): Arrival =>
    declaredMark({ device: 'cems-1', state, from, until });

  it('about a start after standstill: its first period, and the one that follows it', () => {
    // on from 08:30: 08:30 is the first period, 08:40 is compared with nothing that is settled
    expect(lines([...meter('5x30 500x90'), ...stack({ nox: '0x30 60x10 120x80' })], line)).toEqual([]);
    // the third period is compared with the second
    expect(lines([...meter('5x30 500x90'), ...stack({ nox: '0x30 10x20 70x70' })], line)).toEqual([
      'low 11-22 08:50 → 11-22 09:00 closed',
    ]);
  });

  it('about a start that a meter tells of only at the end of its own, longer period', () => {
    const slow = (every: string): PlantOptions => ({
      ...line,
      devices: [{ id: 'm-1', kind: 'meter', every }],
    });
    const quarters = deviceReports({ device: 'm-1', from: '08:00', period: 'PT15M' }, { power: '5x2 500x6' });
    expect(lines([...quarters, ...stack({ nox: '0x30 60x10 120x80' })], slow('PT15M'))).toEqual([]);
    const hours = deviceReports({ device: 'm-1', from: '08:00', period: 'PT1H' }, { power: '5 500 500' });
    expect(lines([...hours, ...stack({ nox: '0x60 60x10 120x60' })], slow('PT1H'))).toEqual([]);
    // a rise in the middle of an hour at work is still told with its own time
    const [finding] = played([...hours, ...stack({ nox: '0x60 20x30 90x30' })], slow('PT1H'));
    expect([finding?.start, finding?.detectedAt]).toEqual([rfc3339('09:30'), rfc3339('09:40')]);
  });

  it('about a stack that held air, where there are no meters', () => {
    const reference = { outlet: { limits: [NOX], o2Reference: 10 } };
    expect(lines(stack({ nox: '0x30 60x90', o2: '20.9x30 10x90' }), reference)).toEqual([]);
  });

  it('about a plant that stands, whatever its analyser shows; and a standstill ends a rise', () => {
    expect(lines([...meter('5x60'), ...stack({ nox: '10x30 200x30' })], line)).toEqual([]);
    expect(lines([...meter('500x40 5x20'), ...stack({ nox: '10x30 70x10 130x20' })], line)).toEqual([
      'low 11-22 08:30 → 11-22 08:40 closed',
    ]);
  });

  it.each(['start-up', 'shut-down', 'fault', 'stopped', 'calibration', 'maintenance'])(
    'where a mark of %s touches either period',
    (state) => {
      const nox = stack({ nox: '20x30 90x30' });
      expect(lines([mark(state, '08:29', '08:30'), ...nox])).toEqual([]);
      expect(lines([mark(state, '08:39', '08:41'), ...nox])).toEqual([]);
      expect(lines([mark(state, '08:19', '08:20'), ...nox])).toHaveLength(1);
    },
  );

  it('about a device that reports more rarely than every ten minutes', () => {
    const devices = [{ id: 'cems-1', kind: 'cems' as const, every: 'PT15M' }];
    const reports = deviceReports({ device: 'cems-1', from: '08:00', period: 'PT15M' }, { nox: '20x2 150x6' });
    expect(lines(reports, { devices })).toEqual([]);
  });
});

it('settling after a standstill may be set longer', () => {
  const site = { rules: { 'limit.surge': { settleMs: 1_800_000 } } };
  const line = { production: [{ device: 'm-1', on: 100 }] };
  const meter = deviceReports({ device: 'm-1', from: '08:00' }, { power: '5x30 500x90' });
  expect(lines([...meter, ...stack({ nox: '0x30 10x20 70x70' })], { site, line })).toEqual([]);
});

it('makes no means of ten minutes and no finer boundaries', () => {
  const registry = plantRegistry({ outlet: { limits: [NOX] } });
  const { means } = replayReports(registry, [...stack({ nox: '20x30 90x30' }), ...timePasses('12:00')]);
  expect(new Set(means.map(({ average }) => average))).toEqual(new Set(['PT1H']));
});

it.each([5, 34, 39, 40, 45])('goes on after a restart at report %d', (stop) => {
  const registry = plantRegistry({ outlet: { limits: [NOX] } });
  const engine = driveEngine();
  const records = toRecords(registry, [...stack({ nox: '20x30 90x30' }), ...timePasses('12:00')]);
  for (const [index, record] of records.entries()) {
    engine.take(record);
    if (index === stop) engine.restart('plant');
  }
  const found = engine.finish().filter(({ entry }) => entry.draft.rule.id === 'limit.surge');
  expect(found.map(({ entry }) => [entry.draft.startAt, entry.draft.endAt, entry.draft.state])).toEqual([
    [Date.parse(rfc3339('08:30')), Date.parse(rfc3339('08:40')), 'closed'],
  ]);
});
