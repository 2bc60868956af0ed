import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import {
  addHourMass,
  createEmissionTotal,
  hoursBefore,
  isLowerBound,
  liesIn,
  passes,
  settleHour,
  totalKg,
  type EmissionTotal,
} from './emission-total.ts';
import type { HourMass, JudgedPeriod } from './judged-period.ts';

const MEASURED: HourMass = { kg: 10, method: 'measured' };
const SUBSTITUTED: HourMass = { kg: 20, method: 'max180' };
const UNKNOWN: HourMass = { kg: null, method: 'unknown' };

/** From hour 0 to hour 100, counted from hour `from`. */
function totalOf(masses: readonly HourMass[], from = 0): EmissionTotal {
  const total = createEmissionTotal({ start: 0, end: 100 * HOUR_MS }, from * HOUR_MS);
  masses.forEach((mass, index) => {
    addHourMass(total, { start: (from + index) * HOUR_MS, mass, isOverRange: false });
  });
  return total;
}

describe('a total', () => {
  it('keeps measured and substituted kilograms apart', () => {
    const total = totalOf([MEASURED, SUBSTITUTED, { kg: 0, method: 'stopped' }, MEASURED]);
    expect(total).toMatchObject({ measuredKg: 20, substitutedKg: 20, to: 4 * HOUR_MS });
    expect(total.hours).toEqual({ measured: 2, max180: 1, max720: 0, max2160: 0, stopped: 1, unknown: 0 });
    expect(totalKg(total)).toBe(40);
    expect(isLowerBound(total)).toBe(false);
  });

  it('is a lower bound with an unknown hour', () => {
    expect(isLowerBound(totalOf([MEASURED, UNKNOWN]))).toBe(true);
  });

  it('is a lower bound where its first hours were before all data', () => {
    const total = totalOf([MEASURED], 5);
    expect(hoursBefore(total)).toBe(5);
    expect(isLowerBound(total)).toBe(true);
  });

  it('is a lower bound with values over range', () => {
    const total = totalOf([MEASURED]);
    addHourMass(total, { start: HOUR_MS, mass: MEASURED, isOverRange: true });
    addHourMass(total, { start: 2 * HOUR_MS, mass: SUBSTITUTED, isOverRange: true });
    expect(total.overRangeHours).toBe(1);
    expect(isLowerBound(total)).toBe(true);
  });

  it('counts hours that were left out as unknown', () => {
    const total = totalOf([MEASURED]);
    addHourMass(total, { start: 4 * HOUR_MS, mass: MEASURED, isOverRange: false });
    expect(total.hours).toMatchObject({ measured: 2, unknown: 3 });
  });

  it('follows an hour that came out differently', () => {
    const total = totalOf([MEASURED, SUBSTITUTED]);
    const mass: HourMass = { kg: 26, method: 'max720' };
    const period = { start: HOUR_MS, mass } as JudgedPeriod & { mass: HourMass };
    settleHour(total, { beforeKg: 20, period });
    expect(total.hours).toMatchObject({ max180: 0, max720: 1 });
    expect(total).toMatchObject({ measuredKg: 10, substitutedKg: 26 });
  });

  it('holds its hours from the first counted to its end', () => {
    const total = totalOf([MEASURED], 5);
    expect([4, 5, 99, 100].map((hour) => liesIn(total, hour * HOUR_MS))).toEqual([false, true, true, false]);
  });
});

describe('passing a cap', () => {
  it('is being above it', () => {
    expect([1_999.9, 2_000, 2_000.01].map((kg) => passes(kg, 2))).toEqual([false, false, true]);
  });

  it('is not the rounding of a long sum', () => {
    let kg = 0;
    for (let hour = 0; hour < 8_760; hour += 1) kg += 0.1;
    expect(kg).not.toBe(876);
    expect(passes(kg, 0.876)).toBe(false);
    expect(passes(kg + 0.01, 0.876)).toBe(true);
  });
});
