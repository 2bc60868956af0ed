import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { initialOxygenHistory, lowestOxygen, rememberOxygen, toDry, toReferenceOxygen } from './oxygen.ts';

describe('conversion to the reference oxygen', () => {
  it.each([
    // mean × (21 − reference) / (21 − O2)
    [20, 6, 8, 23.08], // 20 × 15 / 13
    [30, 10, 12, 36.67], // 30 × 11 / 9
    [8, 16, 17.5, 11.43], // 8 × 5 / 3.5
    [50, 10, 10, 50], // at the reference nothing changes
  ])('of %d mg/m³ at reference %d %% and %d %% O2 gives %d mg/m³', (mean, reference, o2, expected) => {
    expect(toReferenceOxygen(mean, reference, o2)).toBeCloseTo(expected, 2);
  });
});

describe('drying', () => {
  it('divides by the dry share', () => {
    expect(toDry(36, 10)).toBe(40); // 36 / (1 − 0.10)
  });

  it.each([100, 120, -1])('gives nothing for a humidity of %d %%', (humidity) => {
    expect(toDry(36, humidity)).toBeUndefined();
  });
});

describe('the lowest O2', () => {
  const day = (index: number): number => index * DAY_MS;

  it('leaves out the judged day', () => {
    const history = initialOxygenHistory();
    rememberOxygen(history, day(1), 9);
    rememberOxygen(history, day(2), 5);
    expect(lowestOxygen(history, day(2))).toBe(9);
    expect(lowestOxygen(history, day(3))).toBe(5);
  });

  it('is the lowest hour of a day', () => {
    const history = initialOxygenHistory();
    for (const o2 of [9, 7, 8]) rememberOxygen(history, day(1), o2);
    expect(lowestOxygen(history, day(2))).toBe(7);
  });

  it('looks back 30 operating days and no further, days without valid O2 among them', () => {
    const history = initialOxygenHistory();
    rememberOxygen(history, day(1), 3);
    for (let index = 2; index <= 30; index += 1) rememberOxygen(history, day(index), index % 2 === 0 ? 9 : null);
    expect(lowestOxygen(history, day(31))).toBe(3); // days 1 to 30
    rememberOxygen(history, day(31), 9);
    expect(lowestOxygen(history, day(32))).toBe(9); // days 2 to 31
  });

  it('does not take air for the O2 of a working furnace', () => {
    const history = initialOxygenHistory();
    rememberOxygen(history, day(1), 20.5);
    expect(lowestOxygen(history, day(2))).toBeUndefined();
  });

  it('is not known before the first day', () => {
    expect(lowestOxygen(initialOxygenHistory(), day(1))).toBeUndefined();
  });
});
