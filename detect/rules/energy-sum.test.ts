import { describe, expect, it } from 'vitest';
import { createRandom } from '../../tests/support/seeded-random.ts';
import { addPower, beginHour, initialEnergySum, swingKwh, type EnergySum } from './energy-sum.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Instants of power, one every `everyMs`. */
function sum(powers: readonly number[], everyMs = MINUTE, isPeriod = false): EnergySum {
  const total = initialEnergySum();
  powers.forEach((kw, index) => {
    addPower(total, { start: index * everyMs, end: (index + 1) * everyMs, isPeriod }, kw);
  });
  return total;
}

describe('energy as the integral of power', () => {
  it('of a steady load', () => {
    const total = sum(new Array<number>(60).fill(300));
    expect([total.powerKwh, total.coveredMs, swingKwh(total)].map(Math.round)).toEqual([300, HOUR, 0]);
  });

  it('a ramp of instants is summed along straight lines, one of means as it is', () => {
    const ramp = [0, 100, 200, 300, 400];
    // The last quarter is known at its beginning only.
    expect(sum(ramp, 15 * MINUTE).powerKwh).toBe(0.25 * (50 + 150 + 250 + 350 + 400));
    expect(sum(ramp, 15 * MINUTE, true).powerKwh).toBe(0.25 * 1_000);
  });

  it('over a gap nothing is joined', () => {
    const total = initialEnergySum();
    addPower(total, { start: 0, end: MINUTE, isPeriod: false }, 60);
    addPower(total, { start: 10 * MINUTE, end: 11 * MINUTE, isPeriod: false }, 600);
    expect([total.powerKwh, total.bends]).toEqual([11, 0]);
  });

  it('says how far samples of a swinging load may mislead', () => {
    const random = createRandom(3);
    const errors = Array.from({ length: 400 }, () => {
      const total = sum(Array.from({ length: 60 }, () => (random.below(2) === 0 ? 0 : 600)));
      return (total.powerKwh - 300) / swingKwh(total);
    });
    const rms = Math.sqrt(errors.reduce((square, error) => square + error * error, 0) / errors.length);
    expect(rms).toBeGreaterThan(0.6);
    expect(rms).toBeLessThan(1.3);
  });

  it('notes fed-back energy and the peak until the hour is over, and what is usual beyond it', () => {
    const total = sum([100, -20, 300]);
    expect([total.isRegained, total.peakKw]).toEqual([true, 300]);
    const before = total.usualKw;
    beginHour(total);
    expect([total.isRegained, total.peakKw, total.bends, total.usualKw]).toEqual([false, 0, 0, before]);
  });
});
