import { describe, expect, it } from 'vitest';
import { captureShare, countDueHour, createCaptureRate, type CaptureRate } from './capture-rate.ts';

function rateOf(quarters: readonly { valid: number; missing: number }[]): CaptureRate {
  const rate = createCaptureRate();
  quarters.forEach(({ valid, missing }, quarter) => {
    for (let hour = 0; hour < valid; hour += 1) countDueHour(rate, quarter, true);
    for (let hour = 0; hour < missing; hour += 1) countDueHour(rate, quarter, false);
  });
  return rate;
}

describe('the capture rate of the running quarter', () => {
  it('is nothing before the first hour', () => {
    expect(captureShare(createCaptureRate(), 168)).toBe(0);
  });

  it('is valid hours of those due', () => {
    expect(captureShare(rateOf([{ valid: 180, missing: 20 }]), 168)).toBe(0.9);
  });

  it('stands alone from its 168th hour on', () => {
    const before = { valid: 100, missing: 900 };
    // (100 + 160) / (1000 + 167)
    expect(captureShare(rateOf([before, { valid: 160, missing: 7 }]), 168)).toBeCloseTo(260 / 1167, 12);
    expect(captureShare(rateOf([before, { valid: 160, missing: 8 }]), 168)).toBeCloseTo(160 / 168, 12);
  });

  it('forgets the quarter before the last', () => {
    const rate = rateOf([
      { valid: 0, missing: 500 },
      { valid: 300, missing: 0 },
      { valid: 9, missing: 1 },
    ]);
    expect(captureShare(rate, 168)).toBeCloseTo(309 / 310, 12);
  });
});
