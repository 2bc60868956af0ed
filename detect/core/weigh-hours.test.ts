import { describe, expect, it } from 'vitest';
import { capRegistry, massRuns, playHours, stackHours } from '../../tests/support/cap-plant.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { meanAt } from '../../tests/support/mean-at.ts';
import type { PlantOptions } from '../../tests/support/plant-registry.ts';
import { enteredMark, type Arrival } from '../../tests/support/replay-reports.ts';

const runs = (arrivals: readonly Arrival[], plant: PlantOptions = {}): readonly string[] =>
  massRuns(playHours(capRegistry(undefined, plant), arrivals));

describe('the mass of an hour', () => {
  it('is the measured mean times the flow', () => {
    // 100 mg/m³ × 100,000 m³/h = 10 kg; 80 × 120,000 = 9.6 kg
    expect(runs(stackHours('100x3 80', '100000x3 120000'))).toEqual(['measured 10 ×3', 'measured 9.6']);
  });

  it('is of the measured mean, not of the converted one', () => {
    const gas = deviceReports(
      { device: 'cems-1', from: '2026-11-01', period: 'PT1H' },
      { nox: '100x2', flow: '100000x2', o2: '15x2' },
    );
    const result = playHours(capRegistry(undefined, { outlet: { o2Reference: 10 } }), gas);
    expect(meanAt(result, 'nox', '2026-11-01')).toMatchObject({ mean: 100, massKg: 10, massMethod: 'measured' });
    expect(meanAt(result, 'nox', '2026-11-01').converted).toBeCloseTo(183.33, 2);
  });

  it('stands in the means of capped signals only', () => {
    const gas = deviceReports(
      { device: 'cems-1', from: '2026-11-01', period: 'PT1H' },
      { nox: '100', so2: '30', flow: '100000' },
    );
    const result = playHours(capRegistry(), gas);
    expect(meanAt(result, 'so2', '2026-11-01')).not.toHaveProperty('massKg');
    expect(meanAt(result, 'flow', '2026-11-01')).not.toHaveProperty('massMethod');
  });

  it('takes values below zero as nothing emitted', () => {
    expect(runs(stackHours('-1 100 100', '100000 100000 -5'))).toEqual(['measured 0', 'measured 10', 'measured 0']);
  });

  it('is dried where the outlet is wet, the flow being dry already', () => {
    // 80 / (1 − 0.2) = 100 mg/m³ dry
    const gas = deviceReports(
      { device: 'cems-1', from: '2026-11-01', period: 'PT1H' },
      { nox: '80x2', humidity: '20 _', flow: '100000x2' },
    );
    expect(runs(gas, { outlet: { basis: 'wet' } })).toEqual(['measured 10', 'unknown -']);
  });

  it('counts excused hours as they were measured', () => {
    const limits = [{ signal: 'nox', max: 50, average: 'PT1H' }];
    const mark = declaredMark({ device: 'cems-1', state: 'start-up', from: '2026-11-01', until: '2026-11-01 02:00' });
    const result = playHours(capRegistry(undefined, { outlet: { limits } }), [mark, ...stackHours('100x4')]);
    expect(meanAt(result, 'nox', '2026-11-01')).toMatchObject({ verdict: 'excused', massKg: 10 });
    expect(massRuns(result)).toEqual(['measured 10 ×4']);
  });

  it('of values over range is measured at face value', () => {
    expect(runs(stackHours('100x2!T 100'))).toEqual(['measured 10 ×3']);
  });

  it('of waste water is mg/L times m³/h, and is not substituted', () => {
    const water = deviceReports(
      { device: 'cems-1', from: '2026-11-01', period: 'PT1H' },
      { cod: '50x30 _ 50', 'water-flow': '200x32' },
    );
    const registry = capRegistry([{ signal: 'cod', tonnes: 1, per: 'P1M' }], { outlet: { kind: 'water' } });
    // 50 g/m³ × 200 m³/h = 10 kg
    expect(massRuns(playHours(registry, water), 'cod')).toEqual(['measured 10 ×30', 'unknown -', 'measured 10']);
  });
});

describe('a plant that stands', () => {
  const METER = { line: { production: [{ device: 'm-1', on: 100 }] } };
  const meter = (power: string): readonly Arrival[] =>
    deviceReports({ device: 'm-1', from: '2026-11-01', period: 'PT1H' }, { power });

  it('emits nothing, whatever the analyser shows', () => {
    expect(runs([...stackHours('100x2 5x2 100'), ...meter('500x2 0x2 500')], METER)).toEqual([
      'measured 10 ×2',
      'stopped 0 ×2',
      'measured 10',
    ]);
  });

  it('emits nothing while its analyser is silent', () => {
    expect(runs([...stackHours('100x30 _x3 100'), ...meter('500x30 0x3 500')], METER)).toEqual([
      'measured 10 ×30',
      'stopped 0 ×3',
      'measured 10',
    ]);
  });

  it('is not known to stand while its meter is silent', () => {
    expect(runs([...stackHours('100x30 _x3 100'), ...meter('500x30 _x3 500')], METER)[1]).toBe('max180 10 ×3');
  });

  const stopped = {
    site: 'plant',
    outlet: 'stack',
    state: 'stopped',
    from: rfc3339('2026-11-02 06:00'),
    to: rfc3339('2026-11-02 08:45'),
  };

  it('may be known by an accepted mark of three quarters of the hour', () => {
    const arrivals = [...stackHours('100x30 _x3 100'), enteredMark(stopped, '2026-11-02 05:50')];
    expect(runs(arrivals)).toEqual(['measured 10 ×30', 'stopped 0 ×3', 'measured 10']);
    const shorter = { ...stopped, to: rfc3339('2026-11-02 08:44') };
    expect(runs([...stackHours('100x30 _x3 100'), enteredMark(shorter, '2026-11-02 05:50')])).toEqual([
      'measured 10 ×30',
      'stopped 0 ×2',
      'max180 10',
      'measured 10',
    ]);
  });

  it('is not known by what the device says of itself', () => {
    const mark = declaredMark({
      device: 'cems-1',
      state: 'stopped',
      from: '2026-11-02 06:00',
      until: '2026-11-02 09:00',
    });
    expect(runs([mark, ...stackHours('100x30 _x3 100')])[1]).toBe('max180 10 ×3');
  });
});

describe('a missing hour', () => {
  it('is unknown while fewer than 24 hours were valid', () => {
    expect(runs(stackHours('100x23 _ 100'))).toEqual(['measured 10 ×23', 'unknown -', 'measured 10']);
    expect(runs(stackHours('100x24 _ 100'))).toEqual(['measured 10 ×24', 'max180 10', 'measured 10']);
  });

  it('takes the largest of the last 180 valid hours', () => {
    // the 300 of the first hour lies 181 hours back, then 180
    expect(runs(stackHours('300 100x180 _ 100')).slice(2)).toEqual(['max180 10', 'measured 10']);
    expect(runs(stackHours('300 100x179 _ 100')).slice(2)).toEqual(['max180 30', 'measured 10']);
  });

  it.each([
    ['without a valid mean', stackHours('100x100 5!D 100')],
    ['without a valid flow', stackHours('100x102', '100000x100 _ 100000')],
    ['of maintenance', stackHours('100x100 5!M 100')],
  ])('is one %s', (_name, arrivals) => {
    expect(runs(arrivals)).toEqual(['measured 10 ×100', 'max180 10', 'measured 10']);
  });

  it('keeps its own mean and verdict as they are', () => {
    const limits = [{ signal: 'nox', max: 50, average: 'PT1H' }];
    const registry = capRegistry(undefined, { outlet: { limits } });
    const result = playHours(registry, stackHours('100x101', '100000x100 _'));
    expect(meanAt(result, 'nox', '2026-11-05 04:00')).toMatchObject({
      mean: 100,
      valid: true,
      verdict: 'over',
      massKg: 10,
      massMethod: 'max180',
    });
  });

  it('is served by the backup where it is valid', () => {
    const device = [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }];
    const backup = stackHours('50x40', undefined, { device: 'cems-2' });
    const arrivals = [...stackHours('100x30 _x4 100x6'), ...backup];
    expect(runs(arrivals, { outlet: { device } })).toEqual(['measured 10 ×30', 'measured 5 ×4', 'measured 10 ×6']);
  });

  it('may take its flow from the backup', () => {
    const device = [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }];
    const arrivals = [
      ...stackHours('100x34', '100000x30 _x4'),
      ...stackHours('50x34', '90000x34', { device: 'cems-2' }),
    ];
    expect(runs(arrivals, { outlet: { device } })).toEqual(['measured 10 ×30', 'measured 9 ×4']);
  });

  it('is unknown where no instrument was in force', () => {
    const device = [
      { device: 'cems-1', from: '2026-11-01', to: '2026-11-03' },
      { device: 'cems-1', from: '2026-11-04' },
    ];
    const result = playHours(capRegistry(undefined, { outlet: { device } }), stackHours('100x100'));
    // 48 hours, a day without any, 28 hours
    expect(massRuns(result)).toEqual(['measured 10 ×76']);
  });
});
