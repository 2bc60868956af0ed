import { describe, expect, it } from 'vitest';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { meanAt, timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import type { Mean } from '../../contracts/mean.ts';

const NOX = { signal: 'nox', max: 100, average: 'PT1H' } as const;
const METER = { production: [{ device: 'm-1', on: 100 }] };

function noxAt8(options: PlantOptions, arrivals: readonly Arrival[]): Mean {
  return meanAt(replayReports(plantRegistry(options), [...arrivals, ...timePasses('09:00')]), 'nox', '08:00');
}

const stack = (signals: Readonly<Record<string, string>>): readonly Arrival[] =>
  deviceReports({ device: 'cems-1', from: '08:00' }, signals);
const meter = (power: string, device = 'm-1'): readonly Arrival[] =>
  deviceReports({ device, from: '08:00' }, { power });

describe('the converted value of an hour', () => {
  it('is made of the means of the hour, not of converted minutes', () => {
    // mean 60, mean O2 (9 + 15) / 2 = 12: 60 × (21 − 10) / (21 − 12) = 73.33; minute by minute it would be 82.5
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, stack({ nox: '60x60', o2: '9x30 15x30' }));
    expect(mean).toMatchObject({ mean: 60, o2: 12, verdict: 'within' });
    expect(mean.converted).toBeCloseTo(73.333, 3);
  });

  it('is what the limit is compared with', () => {
    // 90 × 11 / (21 − 12) = 110 > 100, though 90 was measured
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, stack({ nox: '90x60', o2: '12x60' }));
    expect(mean).toMatchObject({ mean: 90, converted: 110, verdict: 'over' });
  });

  it('is not made without a reference oxygen', () => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: '90x60', o2: '12x60' }));
    expect(mean).toMatchObject({ mean: 90, converted: null, verdict: 'within' });
  });

  it('is made of mg/m³ only', () => {
    const limits = [{ signal: 'temp', max: 100, average: 'PT1H' }];
    const result = replayReports(plantRegistry({ outlet: { o2Reference: 10, limits } }), [
      ...stack({ temp: '90x61', o2: '12x61' }),
    ]);
    expect(meanAt(result, 'temp', '08:00')).toMatchObject({ mean: 90, converted: null, verdict: 'within' });
  });

  it('is made of a signal in mg/m³ that the registry adds, and of no other', () => {
    const signals = [
      { id: 'benzene', unit: 'mg/m³', kind: 'number' },
      { id: 'odour', unit: 'OU', kind: 'number' },
    ] as const;
    const registry = plantRegistry({ signals: [...signals], outlet: { o2Reference: 10 } });
    const result = replayReports(registry, stack({ benzene: '90x61', odour: '90x61', o2: '12x61' }));
    // 90 × 11 / 9 = 110
    expect([meanAt(result, 'benzene', '08:00').converted, meanAt(result, 'odour', '08:00').converted]).toEqual([
      110,
      null,
    ]);
  });
});

describe('over range (T)', () => {
  it('counts at face value and never shows compliance', () => {
    // (59 × 40 + 200) / 60 = 42.67 < 100
    const mean = noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: '40x59 200!T' }));
    expect(mean).toMatchObject({ valid: true, lowerBound: true, verdict: 'unknown', parts: { valid: 60 } });
    expect(mean.mean).toBeCloseTo(42.667, 3);
  });

  it('shows an exceedance', () => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: '200x60!T' }));
    expect(mean).toMatchObject({ mean: 200, lowerBound: true, verdict: 'over' });
  });

  it('of O2 makes the converted value a lower bound: more O2 would make it higher', () => {
    // 80 × 11 / (21 − 10) = 80
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, stack({ nox: '80x60', o2: '10x59 10!T' }));
    expect(mean).toMatchObject({ converted: 80, lowerBound: true, verdict: 'unknown' });
  });
});

describe('values that are not valid', () => {
  it.each(['F', 'M', 'S', 'D', 'C', 'B'])('flagged %s do not count', (flag) => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: `40x44 999x16!${flag}` }));
    expect(mean).toMatchObject({ valid: false, mean: null, verdict: 'unknown', parts: { valid: 44, expected: 60 } });
  });

  it('leave the hour valid where 45 minutes are', () => {
    expect(noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: '40x45 999x15!C' }))).toMatchObject({
      mean: 40,
      verdict: 'within',
    });
  });

  it('and missing ones are unknown: never zero, never compliance', () => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, stack({ temp: '90x60' }));
    expect(mean).toMatchObject({ valid: false, mean: null, operating: true, verdict: 'unknown', parts: { valid: 0 } });
  });
});

describe('without valid O2', () => {
  /** A day of hours at O2 9, one of them 7, and the judged day after it. */
  const before = deviceReports(
    { device: 'cems-1', from: '2026-11-20', period: 'PT1H' },
    { nox: '10x24', o2: '9x12 7 9x11' },
  );
  const at = (nox: string): Mean => {
    const day = deviceReports(
      { device: 'cems-1', from: '2026-11-21', period: 'PT1H' },
      { nox: `10 ${nox}`, o2: '5 _' },
    );
    const registry = plantRegistry({ every: 'PT1H', outlet: { o2Reference: 10, limits: [NOX] } });
    return meanAt(
      replayReports(registry, [...before, ...day, ...timePasses('2026-11-21 02:00')]),
      'nox',
      '2026-11-21 01:00',
    );
  };

  it('the lowest hour of the operating days before gives a lower bound: over even so is over', () => {
    // the judged day's own 5 % is excluded, so 7 %: 140 × 11 / (21 − 7) = 110 > 100; with 5 % it would be 96.25
    expect(at('140')).toMatchObject({ converted: 110, lowerBound: true, o2: null, verdict: 'over' });
  });

  it('and not over shows nothing', () => {
    // 120 × 11 / 14 = 94.29
    expect(at('120')).toMatchObject({ lowerBound: true, verdict: 'unknown' });
  });

  it('nor does anything where there was no operating day before', () => {
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, stack({ nox: '900x60', o2: '9x44' }));
    expect(mean).toMatchObject({ mean: 900, converted: null, verdict: 'unknown' });
  });
});

describe('a wet gas', () => {
  const wet: PlantOptions = { outlet: { basis: 'wet', o2Reference: 10, limits: [NOX] } };

  it('is dried before it is converted, its O2 too', () => {
    // humidity 10 %: 72 / 0.9 = 80, O2 9 / 0.9 = 10 → 80 × 11 / (21 − 10) = 80
    expect(noxAt8(wet, stack({ nox: '72x60', o2: '9x60', humidity: '10x60' }))).toMatchObject({
      mean: 80,
      o2: 10,
      converted: 80,
      verdict: 'within',
    });
  });

  it('is unknown where the humidity is not valid', () => {
    const mean = noxAt8(wet, stack({ nox: '900x60', o2: '9x60', humidity: '10x44' }));
    expect(mean).toMatchObject({ valid: false, mean: null, converted: null, verdict: 'unknown' });
  });

  it('is at least so much where the humidity was over range', () => {
    const mean = noxAt8(wet, stack({ nox: '72x60', o2: '9x60', humidity: '10x59 10!T' }));
    expect(mean).toMatchObject({ converted: 80, lowerBound: true, verdict: 'unknown' });
  });
});

describe('an outlet is not operating', () => {
  const metered: PlantOptions = { outlet: { limits: [NOX] }, line: METER };

  it.each([
    ['below on in 45 minutes', '99x45', false],
    ['below on in 44 minutes only', '99x44', true],
    ['on once', '99x59 100', true],
    ['on once, but that value is not valid', '99x59 100!D', false],
    ['silent', '', true],
  ])('while its meter is %s: operating %s %s', (_name, power, operating) => {
    const mean = noxAt8(metered, [...stack({ nox: '900x60' }), ...(power === '' ? [] : meter(power))]);
    expect([mean.operating, mean.verdict]).toEqual([operating, operating ? 'over' : 'not-operating']);
  });

  it.each([
    ['3 of 4 quarters', '0x3', false],
    ['2 of 4 quarters', '0x2', true],
  ])('by a meter that reports quarters, with %s: operating %s %s', (_name, power, operating) => {
    const quarters = deviceReports({ device: 'm-1', from: '08:00', period: 'PT15M' }, { power });
    expect(noxAt8(metered, [...stack({ nox: '900x60' }), ...quarters]).operating).toBe(operating);
  });

  it('when every meter of every line that feeds it is off, and not before', () => {
    const lines = [{ id: 'line-2', outlets: ['stack'], production: [{ device: 'm-2', on: 50 }] }];
    const both: PlantOptions = { ...metered, lines };
    const gas = stack({ nox: '900x60' });
    expect(noxAt8(both, [...gas, ...meter('0x60'), ...meter('60x60', 'm-2')]).operating).toBe(true);
    expect(noxAt8(both, [...gas, ...meter('0x60')]).operating).toBe(true);
    expect(noxAt8(both, [...gas, ...meter('0x60'), ...meter('49x60', 'm-2')]).operating).toBe(false);
  });

  it.each([
    ['20.5', 'not-operating', false],
    ['20.4', 'over', true],
  ])('without meters at %s %% O2: %s', (o2, verdict, operating) => {
    // 90 × 11 / (21 − 20.4) = 1650
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, stack({ nox: '90x60', o2: `${o2}x60` }));
    expect(mean).toMatchObject({ verdict, operating });
  });

  it('never by O2 where it has no reference oxygen', () => {
    expect(noxAt8({ outlet: { limits: [NOX] } }, stack({ nox: '900x60', o2: '20.9x60' }))).toMatchObject({
      operating: true,
      verdict: 'over',
    });
  });

  it('and neither by O2 where its meters are on: that cannot be converted and is unknown', () => {
    const options: PlantOptions = { outlet: { o2Reference: 10, limits: [NOX] }, line: METER };
    const mean = noxAt8(options, [...stack({ nox: '90x60', o2: '20.5x60' }), ...meter('500x60')]);
    expect(mean).toMatchObject({ operating: true, mean: 90, converted: null, verdict: 'unknown' });
  });

  it('is neither compliant nor exceeding', () => {
    const result = replayReports(plantRegistry(metered), [...stack({ nox: '900x61' }), ...meter('0x60')]);
    expect(findingsOf(result, 'limit.')).toEqual([]);
  });
});

describe('a backup', () => {
  const device = [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }];
  const backup = deviceReports({ device: 'cems-2', from: '08:00' }, { nox: '70x60' });

  it('serves where the primary is not valid', () => {
    const mean = noxAt8({ outlet: { device, limits: [NOX] } }, [...stack({ nox: '40x44' }), ...backup]);
    expect(mean).toMatchObject({ device: 'cems-2', mean: 70 });
  });

  it('and not where it is', () => {
    const mean = noxAt8({ outlet: { device, limits: [NOX] } }, [...stack({ nox: '40x45' }), ...backup]);
    expect(mean).toMatchObject({ device: 'cems-1', mean: 40 });
  });
});

describe('the device’s own mean of the hour', () => {
  const own = (nox: string): readonly Arrival[] =>
    deviceReports({ device: 'cems-1', from: '08:00', period: 'PT1H' }, { nox });

  it('stands beside the mean of the minutes', () => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, [...stack({ nox: '40x60' }), ...own('90')]);
    expect(mean).toMatchObject({ mean: 40, source: 'samples', deviceMean: 90 });
  });

  it('serves where the minutes are not valid', () => {
    const mean = noxAt8({ outlet: { limits: [NOX] } }, [...stack({ nox: '40x44' }), ...own('120')]);
    expect(mean).toMatchObject({ mean: 120, source: 'device', valid: true, verdict: 'over' });
  });

  it('of half past to half past is the mean of no clock hour', () => {
    const shifted = deviceReports({ device: 'cems-1', from: '08:30', period: 'PT1H' }, { nox: '120x2' });
    const result = replayReports(plantRegistry({ outlet: { limits: [NOX] } }), [
      ...stack({ nox: '40x10' }),
      ...shifted,
      ...timePasses('11:00'),
    ]);
    expect(['08:00', '09:00', '10:00'].map((start) => meanAt(result, 'nox', start).valid)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('a rewritten value', () => {
  it('leaves the mean as it was and shows what the later one would make', () => {
    // 60 minutes of 40; one is sent again as 100: (59 × 40 + 100) / 60 = 41
    const again = deviceReports({ device: 'cems-1', from: '08:10', delayMs: 3_600_000 }, { nox: '100' });
    const mean = noxAt8({ outlet: { limits: [NOX] } }, [...stack({ nox: '40x60' }), ...again]);
    expect(mean).toMatchObject({ mean: 40, rewritten: 41, state: 'revised', verdict: 'within' });
  });

  it('of O2 shows in the converted value', () => {
    // O2 10 throughout: 40 × 11 / 11 = 40; all of it sent again as 15.5: 40 × 11 / 5.5 = 80
    const again = deviceReports({ device: 'cems-1', from: '08:00', delayMs: 7_200_000 }, { o2: '15.5x60' });
    const mean = noxAt8({ outlet: { o2Reference: 10, limits: [NOX] } }, [
      ...stack({ nox: '40x60', o2: '10x60' }),
      ...again,
    ]);
    expect(mean).toMatchObject({ converted: 40, rewritten: 80, verdict: 'within' });
  });
});

describe('the state of a mean', () => {
  const played = (last: string, extra: readonly Arrival[] = []): Mean =>
    meanAt(
      replayReports(plantRegistry({ outlet: { limits: [NOX] } }), [
        ...stack({ nox: '40x59' }),
        ...extra,
        ...timePasses(last),
      ]),
      'nox',
      '08:00',
    );

  it.each([
    ['09:00', 'provisional'],
    ['09:09', 'provisional'],
    ['09:10', 'final'],
  ])('at %s of an hour that ended at 09:00 is %s', (last, state) => {
    expect(played(last).state).toBe(state);
  });

  it('is revised once late data change it', () => {
    // the 60th minute comes 20 minutes late: (59 × 40 + 100) / 60 = 41
    const late = deviceReports({ device: 'cems-1', from: '08:59', delayMs: 1_200_000 }, { nox: '100' });
    const fresh = deviceReports({ device: 'cems-1', from: '09:01' }, { temp: '90x15' });
    expect(played('09:30', [...fresh, ...late])).toMatchObject({ mean: 41, state: 'revised', parts: { valid: 60 } });
  });

  it('stays final where a repeat changes nothing', () => {
    const repeat = deviceReports({ device: 'cems-1', from: '08:58', delayMs: 1_200_000 }, { nox: '40' });
    expect(played('09:30', repeat).state).toBe('final');
  });
});
