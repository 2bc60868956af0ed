import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingLine, findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import { limitDay } from './limit.day.ts';

const NOX = { signal: 'nox', max: 50, average: 'P1D', source: 'permit 3.2' } as const;

function played(nox: string, options: PlantOptions = {}, arrivals: readonly Arrival[] = []): readonly Finding[] {
  const registry = plantRegistry({ every: 'PT1H', ...options, outlet: { limits: [NOX], ...options.outlet } });
  const hours = deviceReports({ device: 'cems-1', from: '2026-11-21', period: 'PT1H' }, { nox: `10x24 ${nox}` });
  return findingsOf(replayReports(registry, [...arrivals, ...hours, ...timePasses('2026-11-26')]), 'limit.');
}

const lines = (...of: Parameters<typeof played>): readonly string[] => played(...of).map(findingLine);
const METER = { line: { production: [{ device: 'm-1', on: 100 }] } };
const meter = (power: string): readonly Arrival[] =>
  deviceReports({ device: 'm-1', from: '2026-11-22', period: 'PT1H' }, { power });

describe('a day over its limit', () => {
  it.each([
    // (12 × 40 + 12 × 60) / 24 = 50
    ['at the limit is none', '40x12 60x12', []],
    // (12 × 40 + 12 × 60.1) / 24 = 50.05
    ['above it is one', '40x12 60.1x12', ['limit.day high 11-22 00:00 → 11-23 00:00 closed']],
    ['of 20 hours is judged', '60x20', ['limit.day high 11-22 00:00 → 11-23 00:00 closed']],
    ['of 19 hours is unknown', '60x19', []],
    ['twice over is critical', '100x24', ['limit.day critical 11-22 00:00 → 11-23 00:00 closed']],
    ['adjacent days are one finding', '60x48', ['limit.day high 11-22 00:00 → 11-24 00:00 closed']],
    [
      'an unknown day parts two',
      '60x24 _x24 60x24',
      ['limit.day high 11-22 00:00 → 11-23 00:00 closed', 'limit.day high 11-24 00:00 → 11-25 00:00 closed'],
    ],
  ])('%s', (_name, nox, expected) => {
    expect(lines(nox)).toEqual(expected);
  });

  it('counts hours not operating as known, and not in the mean', () => {
    // 16 h standstill, 4 h at 60, 4 h missing: 20 known, mean 60
    expect(lines('60x20', METER, meter('0x16 500x4'))).toEqual(['limit.day high 11-22 00:00 → 11-23 00:00 closed']);
    // one hour fewer is known
    expect(lines('60x19', METER, meter('0x16 500x3'))).toEqual([]);
  });

  it('needs four hours of work', () => {
    expect(lines('60x24', METER, meter('0x20 500x4'))).toEqual(['limit.day high 11-22 00:00 → 11-23 00:00 closed']);
    expect(lines('60x24', METER, meter('0x21 500x3'))).toEqual([]);
  });

  it('leaves excused hours out like hours not operating', () => {
    // 2 h of start-up at 300, 22 h at 40: the mean is 40, not (600 + 880) / 24 = 61.7
    const mark = declaredMark({
      device: 'cems-1',
      state: 'start-up',
      from: '2026-11-22 00:00',
      until: '2026-11-22 02:00',
    });
    const limits = [NOX, { signal: 'nox', max: 100, average: 'PT1H' }];
    expect(lines('300x2 40x22', { outlet: { limits } }, [mark])).toEqual([
      'limit.hour info 11-22 00:00 → 11-22 02:00 closed',
    ]);
    expect(lines('300x2 40x22')).toEqual(['limit.day high 11-22 00:00 → 11-23 00:00 closed']);
  });

  it('is judged on the mean of the converted hours', () => {
    // 12 h: 40 × 11 / (21 − 12) = 48.89; 12 h: 40 × 11 / (21 − 13) = 55 → 51.94 > 50, though 40 was measured
    const registry = plantRegistry({ every: 'PT1H', outlet: { o2Reference: 10, limits: [NOX] } });
    const hours = deviceReports(
      { device: 'cems-1', from: '2026-11-21', period: 'PT1H' },
      { nox: '10x24 40x24', o2: '12x24 12x12 13x12' },
    );
    const [finding] = findingsOf(replayReports(registry, [...hours, ...timePasses('2026-11-24')]), 'limit.');
    const [day] = finding?.evidence['days'] as Record<string, number>[];
    expect(day).toMatchObject({
      start: rfc3339('2026-11-22'),
      mean: 40,
      o2: 12.5,
      valid: 24,
      expected: 24,
      parts: 'hours',
    });
    expect(day?.['value']).toBeCloseTo(51.944, 3);
  });

  it('is told at the end of the day', () => {
    expect(played('60x24')[0]).toMatchObject({
      detectedAt: rfc3339('2026-11-23'),
      evidence: { limit: { max: 50, average: 'P1D', source: 'permit 3.2' } },
    });
  });

  it('may be limited by PT24H', () => {
    expect(lines('60x24', { outlet: { limits: [{ ...NOX, average: 'PT24H' }] } })).toEqual([
      'limit.day high 11-22 00:00 → 11-23 00:00 closed',
    ]);
  });

  it('follows the limit in force at its start', () => {
    const limits = [{ ...NOX, from: '2026-11-23' }];
    expect(lines('60x48', { outlet: { limits } })).toEqual(['limit.day high 11-23 00:00 → 11-24 00:00 closed']);
  });

  it('explains itself with days', () => {
    const text = limitDay.explain({
      limit: { max: 50, average: 'P1D' },
      days: [{ start: rfc3339('2026-11-22') }],
      worst: 60,
    });
    expect(text.en).toBe(
      'From 2026-11-22 00:00, 1 day had a measured mean above the limit of 50, the worst 60. The limit is set on P1D.',
    );
    expect(text.zh).toContain('连续 1 个自然日');
  });
});
