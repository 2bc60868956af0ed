import { describe, expect, it } from 'vitest';
import type { LimitEntry } from '../../contracts/registry/registry-file.ts';
import type { ReportPeriod } from '../../contracts/report.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { meanAt, timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingLine, findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import { limitPeriod } from './limit.period.ts';

const FURNACE: LimitEntry = { signal: 'furnace-temp', min: 850, average: 'PT5M' };
const METER = { line: { production: [{ device: 'm-1', on: 100 }] } };

function furnace(
  temp: string,
  limit: Partial<LimitEntry> = {},
  at: { options?: PlantOptions; arrivals?: readonly Arrival[] } = {},
): ReturnType<typeof replayReports> {
  const registry = plantRegistry({ ...at.options, outlet: { limits: [{ ...FURNACE, ...limit }] } });
  const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { 'furnace-temp': temp });
  return replayReports(registry, [...(at.arrivals ?? []), ...minutes, ...timePasses('10:00')]);
}

const lines = (...of: Parameters<typeof furnace>): readonly string[] =>
  findingsOf(furnace(...of), 'limit.period').map(findingLine);

describe('five minutes below the minimum', () => {
  it.each([
    ['at the minimum are none', '850x60', []],
    [
      'below it are one finding, adjacent ones together',
      '849x10 900x50',
      ['limit.period high 11-22 08:00 → 11-22 08:10 closed'],
    ],
    ['with 4 of 5 minutes are judged', '900x5 849x4 _ 900x50', ['limit.period high 11-22 08:05 → 11-22 08:10 closed']],
    ['with 3 of 5 minutes are unknown', '900x5 849x3 _x2 900x50', []],
    [
      'parted by an unknown period are two',
      '849x5 _x5 849x5 900x45',
      ['limit.period high 11-22 08:00 → 11-22 08:05 closed', 'limit.period high 11-22 08:10 → 11-22 08:15 closed'],
    ],
  ])('%s', (_name, temp, expected) => {
    expect(lines(temp)).toEqual(expected);
  });

  it('are findings only after the allowed count of the day', () => {
    const allow = { count: 2, per: 'P1D' };
    expect(lines('849x10 900x50', { allow })).toEqual([]);
    expect(lines('849x5 900x5 849x10 900x40', { allow })).toEqual([
      'limit.period high 11-22 08:15 → 11-22 08:20 closed',
    ]);
  });

  it('are counted anew each day', () => {
    const registry = plantRegistry({ outlet: { limits: [{ ...FURNACE, allow: { count: 1, per: 'P1D' } }] } });
    const night = deviceReports(
      { device: 'cems-1', from: '23:50' },
      { 'furnace-temp': '849x5 900x5 849x5 900x5 849x6' },
    );
    // 23:50 is allowed on the 22nd, 00:00 on the 23rd, 00:10 is not
    expect(
      findingsOf(replayReports(registry, [...night, ...timePasses('2026-11-23 01:00')]), 'limit.period').map(
        findingLine,
      ),
    ).toEqual(['limit.period high 11-23 00:10 → 11-23 00:15 closed']);
  });

  it('are none while the meters are off', () => {
    const off = deviceReports({ device: 'm-1', from: '08:00' }, { power: '0x10 500x50' });
    expect(lines('20x10 900x50', {}, { options: METER, arrivals: off })).toEqual([]);
    // 08:10 to 08:15 the meter is on: (20 + 4 × 900) / 5 = 724
    const once = ['limit.period high 11-22 08:10 → 11-22 08:15 closed'];
    expect(lines('20x11 900x49', {}, { options: METER, arrivals: off })).toEqual(once);
  });

  it('are excused by a state that covers a quarter of them', () => {
    const mark = declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '08:06:15' });
    // 08:05 to 08:10: 75 s of 300 s are covered
    expect(lines('849x10 900x50', {}, { arrivals: [mark] })).toEqual([
      'limit.period info 11-22 08:00 → 11-22 08:10 closed',
    ]);
  });

  it('tell the limit with its allowance and list the periods', () => {
    const [finding] = findingsOf(furnace('849x10 840x5 900x45', { allow: { count: 1, per: 'P1D' } }), 'limit.period');
    expect(finding?.evidence).toMatchObject({
      limit: { min: 850, average: 'PT5M', allow: { count: 1, per: 'P1D' } },
      periods: [
        { start: rfc3339('08:05'), value: 849, valid: 5, expected: 5, parts: 'minutes' },
        { start: rfc3339('08:10'), value: 840 },
      ],
      worst: 840,
    });
  });
});

describe('other periods', () => {
  const NOX = { signal: 'nox', max: 100 };
  const played = (
    average: string,
    nox: string,
    at: { from: string; until: string; period?: ReportPeriod },
  ): readonly string[] => {
    const registry = plantRegistry({
      ...(at.period === undefined ? {} : { every: at.period }),
      outlet: { limits: [{ ...NOX, average }] },
    });
    const { period } = at;
    const reports = deviceReports(
      { device: 'cems-1', from: at.from, ...(period === undefined ? {} : { period }) },
      { nox },
    );
    return findingsOf(replayReports(registry, [...reports, ...timePasses(at.until)]), 'limit.period').map(findingLine);
  };

  it('of ten minutes may be the device’s own means', () => {
    expect(played('PT10M', '90 110 110 90', { from: '08:10', until: '10:00', period: 'PT10M' })).toEqual([
      'limit.period high 11-22 08:20 → 11-22 08:40 closed',
    ]);
  });

  it('of ten minutes need 8 of their minutes', () => {
    // 75 % of 10 = 7.5
    expect(played('PT10M', '110x8 _x2 90x50', { from: '08:00', until: '10:00' })).toEqual([
      'limit.period high 11-22 08:00 → 11-22 08:10 closed',
    ]);
    expect(played('PT10M', '110x7 _x3 90x50', { from: '08:00', until: '10:00' })).toEqual([]);
  });

  it('of four hours have hours as their parts, from local midnight on', () => {
    const at = { from: '2026-11-21 23:00', until: '2026-11-23', period: 'PT1H' } as const;
    // 00:00 to 04:00: (3 × 90 + 131) / 4 = 100.25 > 100; 04:00 to 08:00: 100
    expect(played('PT4H', '10 90x3 131 100x4', at)).toEqual(['limit.period high 11-22 00:00 → 11-22 04:00 closed']);
    expect(played('PT4H', '10 _ 110x3 100x4', at)).toEqual(['limit.period high 11-22 00:00 → 11-22 04:00 closed']);
    expect(played('PT4H', '10 _x2 110x2 100x4', at)).toEqual([]);
  });

  it('of a month have hours as their parts, by the calendar', () => {
    // February 2026: 672 hours, 75 % = 504
    const at = { from: '2026-01-31 23:00', until: '2026-03-02', period: 'PT1H' } as const;
    expect(played('P1M', '10 110x504', at)).toEqual(['limit.period high 02-01 00:00 → … open']);
    expect(played('P1M', '10 110x503', at)).toEqual([]);
  });

  it('that do not divide the hour keep to local midnight', () => {
    const registry = plantRegistry({ outlet: { limits: [{ ...NOX, average: 'PT45M' }] } });
    const minutes = deviceReports({ device: 'cems-1', from: '00:00' }, { nox: '10x90 110x45 10x60' });
    const result = replayReports(registry, minutes);
    // 00:00, 00:45, 01:30, 02:15
    expect(findingsOf(result, 'limit.period').map(findingLine)).toEqual([
      'limit.period high 11-22 01:30 → 11-22 02:15 closed',
    ]);
    expect(meanAt(result, 'nox', '00:45', 'PT45M')).toMatchObject({ mean: 10, parts: { valid: 45, expected: 45 } });
  });

  it('are converted from their own means', () => {
    const registry = plantRegistry({ outlet: { o2Reference: 10, limits: [{ ...NOX, average: 'PT5M' }] } });
    const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '90x10', o2: '12x5 10x6' });
    const result = replayReports(registry, minutes);
    // 90 × 11 / 9 = 110, then 90 × 11 / 11 = 90
    expect(findingsOf(result, 'limit.period').map(findingLine)).toEqual([
      'limit.period high 11-22 08:00 → 11-22 08:05 closed',
    ]);
    expect(meanAt(result, 'nox', '08:05', 'PT5M').converted).toBe(90);
  });

  it('explain themselves with periods', () => {
    const text = limitPeriod.explain({
      limit: { min: 850, average: 'PT5M' },
      periods: [{ start: rfc3339('08:00') }],
      worst: 840,
    });
    expect(text.en).toContain('1 period had a measured mean below the minimum of 850, the worst 840');
  });
});
