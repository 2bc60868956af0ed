import { describe, expect, it } from 'vitest';
import { decideEpoch, epochAfter } from './owner-epoch.ts';

const NOW = Date.UTC(2026, 5, 1);

describe('epoch of an owner', () => {
  it('grows with the time of the decision, whatever chance adds', () => {
    expect(decideEpoch(NOW + 1, () => 0)).toBeGreaterThan(decideEpoch(NOW, (below) => below - 1));
  });

  it('differs between owners that decide at the same moment', () => {
    const decided = new Set(Array.from({ length: 40 }, () => decideEpoch(NOW)));
    expect(decided.size).toBeGreaterThan(20);
  });

  it('stays the number that it is, in any key', () => {
    const epoch = decideEpoch(Date.UTC(2240, 0, 1), (below) => below - 1);
    expect(Number.isSafeInteger(epoch)).toBe(true);
    expect(Number(String(epoch))).toBe(epoch);
  });

  it('is above what is found, and two owners that find the same do not share it', () => {
    expect(epochAfter(10, 5)).toBe(10);
    expect(epochAfter(10, 10, () => 0)).toBe(11);
    expect(epochAfter(10, 50, () => 7)).toBe(58);
    const after = new Set(Array.from({ length: 40 }, () => epochAfter(0, 50)));
    expect(after.size).toBeGreaterThan(20);
  });
});
