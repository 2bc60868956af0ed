import { describe, expect, it } from 'vitest';
import type { Mean } from '../../contracts/mean.ts';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { meanAt, timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingLine, findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';

const DAY = { signal: 'nox', max: 50, average: 'P1D' } as const;
const hourly = (signals: Readonly<Record<string, string>>): readonly Arrival[] =>
  deviceReports({ device: 'cems-1', from: '2026-11-22', period: 'PT1H' }, signals);
const own = (signals: Readonly<Record<string, string>>, from = '2026-11-22'): readonly Arrival[] =>
  deviceReports({ device: 'cems-1', from, period: 'P1D' }, signals);
/** So that the day before is known and the day in question is not the first. */
const before = deviceReports({ device: 'cems-1', from: '2026-11-21', period: 'PT1H' }, { nox: '10x24', o2: '7x24' });

function played(arrivals: readonly Arrival[], options: PlantOptions = {}): ReturnType<typeof replayReports> {
  const registry = plantRegistry({ every: 'PT1H', ...options, outlet: { limits: [DAY], ...options.outlet } });
  return replayReports(registry, [...before, ...arrivals, ...timePasses('2026-11-23 01:00')]);
}

function day(arrivals: readonly Arrival[], options: PlantOptions = {}): Mean {
  return meanAt(played(arrivals, options), 'nox', '2026-11-22', 'P1D');
}

describe('the device’s own mean of a day', () => {
  it('stands beside the mean of the hours', () => {
    expect(day([...hourly({ nox: '30x24' }), ...own({ nox: '60' })])).toMatchObject({
      mean: 30,
      source: 'samples',
      deviceMean: 60,
      verdict: 'within',
    });
  });

  it('serves where fewer than 20 hours are known', () => {
    const arrivals = [...hourly({ nox: '30x19' }), ...own({ nox: '60' })];
    expect(day(arrivals)).toMatchObject({
      mean: 60,
      source: 'device',
      valid: true,
      verdict: 'over',
      parts: { valid: 1, expected: 1, unit: 'P1D' },
    });
    expect(findingsOf(played(arrivals), 'limit.').map(findingLine)).toEqual(['limit.day high 11-22 00:00 → … open']);
  });

  it('serves where nothing finer was sent at all', () => {
    expect(day(own({ nox: '60' }))).toMatchObject({ mean: 60, verdict: 'over' });
  });

  it('does not serve where the day has enough hours and fewer than four of them at work', () => {
    const meter = deviceReports({ device: 'm-1', from: '2026-11-22', period: 'PT1H' }, { power: '0x21 500x3' });
    const arrivals = [...hourly({ nox: '30x24' }), ...meter, ...own({ nox: '60' })];
    expect(day(arrivals, { line: { production: [{ device: 'm-1', on: 100 }] } })).toMatchObject({
      valid: false,
      mean: null,
      deviceMean: 60,
      verdict: 'unknown',
    });
  });

  it('is converted with the O2 of the same day as the device has it', () => {
    // 40 × 11 / (21 − 12) = 48.89 ≤ 50; 42 × 11 / 9 = 51.33 > 50
    const options = { outlet: { o2Reference: 10, limits: [DAY] } };
    expect(day(own({ nox: '40', o2: '12' }), options)).toMatchObject({ mean: 40, o2: 12, verdict: 'within' });
    const over = day(own({ nox: '42', o2: '12' }), options);
    expect(over.verdict).toBe('over');
    expect(over.converted).toBeCloseTo(51.333, 3);
  });

  it('without O2 of the day is a lower bound', () => {
    // lowest hour of the day before: 7 % → 70 × 11 / 14 = 55 > 50; 60 × 11 / 14 = 47.14
    const options = { outlet: { o2Reference: 10, limits: [DAY] } };
    expect(day(own({ nox: '70' }), options)).toMatchObject({ converted: 55, lowerBound: true, verdict: 'over' });
    expect(day(own({ nox: '60' }), options).verdict).toBe('unknown');
  });

  it('counts only where its flag lets it', () => {
    expect(day(own({ nox: '60!M' }))).toMatchObject({ valid: false, mean: null, verdict: 'unknown' });
    expect(day(own({ nox: '40!T' }))).toMatchObject({ mean: 40, lowerBound: true, verdict: 'unknown' });
  });

  it('from noon to noon is the mean of no local day', () => {
    expect(day(own({ nox: '60' }, '2026-11-21 12:00'))).toMatchObject({ valid: false, mean: null });
  });

  it('that is sent again differently stays and shows the later one', () => {
    const again = deviceReports(
      { device: 'cems-1', from: '2026-11-22', period: 'P1D', delayMs: 600_000 },
      { nox: '20' },
    );
    expect(day([...own({ nox: '60' }), ...again])).toMatchObject({ mean: 60, rewritten: 20, verdict: 'over' });
  });

  it('says nothing about a day that comes after', () => {
    const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [DAY] } });
    const result = replayReports(registry, [...before, ...own({ nox: '60' }), ...timePasses('2026-11-24 01:00')]);
    expect(meanAt(result, 'nox', '2026-11-23', 'P1D')).toMatchObject({ valid: false, mean: null });
  });
});
