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

/** Hourly means of the device from 08:00 on, behind an hour of no interest, and time that passes after them. */
function played(nox: string, options: PlantOptions = {}, arrivals: readonly Arrival[] = []): readonly Finding[] {
  const registry = plantRegistry({ every: 'PT1H', ...options, outlet: { limits: [NOX], ...options.outlet } });
  const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { nox: `10 ${nox}` });
  return findingsOf(replayReports(registry, [...arrivals, ...hours, ...timePasses('23:00')]), 'limit.');
}

const lines = (...of: Parameters<typeof played>): readonly string[] =>
  played(...of)
    .map(findingLine)
    .sort();

describe('an hour near its limit', () => {
  it.each([
    ['at nine tenths of the limit is one', '90 50', ['limit.near info 11-22 08:00 → 11-22 09:00 closed']],
    ['a hair below nine tenths is none', '89.999 50', []],
    ['at the limit is one', '100 50', ['limit.near info 11-22 08:00 → 11-22 09:00 closed']],
    [
      'a hair above the limit is an exceedance instead',
      '100.001 50',
      ['limit.hour high 11-22 08:00 → 11-22 09:00 closed'],
    ],
    [
      'adjacent hours are one finding of low severity',
      '92 95 91 50',
      ['limit.near low 11-22 08:00 → 11-22 11:00 closed'],
    ],
    [
      'an exceeding hour ends it, and what follows is another one',
      '95 110 95 50',
      [
        'limit.hour high 11-22 09:00 → 11-22 10:00 closed',
        'limit.near info 11-22 08:00 → 11-22 09:00 closed',
        'limit.near info 11-22 10:00 → 11-22 11:00 closed',
      ],
    ],
    [
      'an unknown hour parts two',
      '95 _ 95 50',
      ['limit.near info 11-22 08:00 → 11-22 09:00 closed', 'limit.near info 11-22 10:00 → 11-22 11:00 closed'],
    ],
    ['an over-range hour is known only as a lower bound', '95!T 50', []],
    ['an invalid hour is unknown', '95!M 50', []],
    ['negative values are none', '-95 50', []],
  ])('%s', (_name, nox, expected) => {
    expect(lines(nox)).toEqual(expected);
  });

  it('stays open while nothing contradicts it', () => {
    const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [NOX] } });
    const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { nox: '10 95 96' });
    const [finding] = findingsOf(replayReports(registry, [...hours, ...timePasses('10:00')]), 'limit.near');
    expect(finding).toMatchObject({ state: 'open', end: null, start: rfc3339('08:00'), detectedAt: rfc3339('09:00') });
  });

  it('tells each hour, the closest one, the limit and its source', () => {
    const [finding] = played('92 97 50');
    expect(finding).toMatchObject({
      rule: 'limit.near',
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      start: rfc3339('08:00'),
      end: rfc3339('10:00'),
      detectedAt: rfc3339('09:00'),
      severity: 'low',
      evidence: {
        limit: { max: 100, average: 'PT1H', source: 'DB41/1953-2020', role: 'legal' },
        side: 'max',
        share: 0.9,
        count: 2,
        hours: [
          { start: rfc3339('08:00'), value: 92 },
          { start: rfc3339('09:00'), value: 97 },
        ],
        closest: 97,
        shareOfLimit: 0.97,
      },
    });
    expect(wordProblems(finding as Finding, ['97', '100', '2026-11-22 08:00'])).toEqual([]);
  });

  it('compares what the limit is set on: the converted value', () => {
    const registry = plantRegistry({ outlet: { o2Reference: 10, limits: [NOX] } });
    // 75 × 11 / (21 − 12) = 91.67
    const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '75x121', o2: '12x60 8x61' });
    const found = findingsOf(replayReports(registry, minutes), 'limit.near');
    expect(found.map(findingLine)).toEqual(['limit.near info 11-22 08:00 → 11-22 09:00 closed']);
  });
});

describe('an hour near its minimum', () => {
  const furnace = { signal: 'furnace-temp', min: 850, average: 'PT1H' };

  it.each([
    ['at the minimum is one', '850', 1],
    // 850 / 0.9 = 944.4
    ['up to a ninth above it is one', '944', 1],
    ['further above it is none', '945', 0],
    ['below it is an exceedance instead', '849', 0],
  ])('%s', (_name, temp, count) => {
    const hours = deviceReports(
      { device: 'cems-1', from: '07:00', period: 'PT1H' },
      { 'furnace-temp': `1100 ${temp} 1100` },
    );
    const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [furnace] } });
    expect(findingsOf(replayReports(registry, [...hours, ...timePasses('12:00')]), 'limit.near')).toHaveLength(count);
  });
});

describe('it is silent', () => {
  const meter = (power: string): readonly Arrival[] => deviceReports({ device: 'm-1', from: '07:00' }, { power });
  const line = { production: [{ device: 'm-1', on: 100 }] };

  it('while the plant stands', () => {
    expect(lines('95 95', { line }, meter('5x180'))).toEqual([]);
    expect(lines('95 95', { line }, meter('500x180'))).toEqual(['limit.near low 11-22 08:00 → 11-22 10:00 closed']);
  });

  it('in an hour that a declared state excuses', () => {
    expect(
      lines('95', {}, [declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '09:00' })]),
    ).toEqual([]);
  });

  it('about a lower bound without O2', () => {
    const before = deviceReports(
      { device: 'cems-1', from: '2026-11-21', period: 'PT1H' },
      { nox: '10x24', o2: '7x24' },
    );
    // 120 × 11 / (21 − 7) = 94.3 at least
    expect(lines('120', { outlet: { o2Reference: 10, limits: [NOX] } }, before)).toEqual([]);
  });

  it('about warning limits, days and minutes', () => {
    const limits = [
      { ...NOX, role: 'warning' as const },
      { signal: 'nox', max: 100, average: 'P1D' },
    ];
    expect(lines('95x3', { outlet: { limits } })).toEqual([]);
  });

  it('about a limit that is no longer in force', () => {
    const limits = [{ ...NOX, to: rfc3339('09:00') }];
    expect(lines('95x3', { outlet: { limits } })).toEqual(['limit.near info 11-22 08:00 → 11-22 09:00 closed']);
  });

  it('about a limit of zero, which nothing comes near without breaking it', () => {
    const found = played('0x3', { outlet: { limits: [{ ...NOX, max: 0 }] } });
    expect(found.filter(({ rule }) => rule === 'limit.near')).toEqual([]);
  });
});

it('a site may set the share', () => {
  const site = { rules: { 'limit.near': { share: 0.8 } } };
  expect(lines('85 50', { site })).toEqual(['limit.near info 11-22 08:00 → 11-22 09:00 closed']);
});

it('a plant that runs close to its limit for weeks lists its first hours and counts the rest', () => {
  const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [NOX] } });
  const hours = deviceReports({ device: 'cems-1', from: '2026-11-01 00:00', period: 'PT1H' }, { nox: '95x400 50' });
  const [finding] = findingsOf(replayReports(registry, [...hours, ...timePasses('2026-11-20')]), 'limit.near');
  expect(finding?.evidence['count']).toBe(400);
  expect(finding?.evidence['hours']).toHaveLength(168);
  // 24 on the first day, then ever more rarely, and the end
  expect(finding?.revision).toBeLessThan(100);
});

it('goes on after a restart in the middle of a run', () => {
  const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [NOX] } });
  const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { nox: '10 95 96 97 50' });
  const engine = driveEngine();
  for (const [index, record] of toRecords(registry, [...hours, ...timePasses('13:00')]).entries()) {
    engine.take(record);
    if (index > 0) engine.restart('plant');
  }
  const found = engine.finish().filter(({ entry }) => entry.draft.rule.id === 'limit.near');
  expect(found.map(({ entry }) => [entry.draft.startAt, entry.draft.endAt, entry.draft.evidence['count']])).toEqual([
    [Date.parse(rfc3339('08:00')), Date.parse(rfc3339('11:00')), 3],
  ]);
});
