import { expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { isListDue, isWorthTelling, type Told } from './growth.ts';

it('an open finding is told again after a full hour, and at once when it becomes worse', () => {
  const told: Told = { ms: 1_000, severity: 'medium' };
  expect(isWorthTelling(told, HOUR_MS + 999, 'medium')).toBe(false);
  expect(isWorthTelling(told, HOUR_MS + 1_000, 'medium')).toBe(true);
  expect(isWorthTelling(told, HOUR_MS + 1_001, 'medium')).toBe(false);
  expect(isWorthTelling(told, HOUR_MS + 1_002, 'high')).toBe(true);
  expect(isWorthTelling(told, HOUR_MS + 1_003, 'high')).toBe(false);
});

it('a finding that lists its periods is told hourly on its first day, then ever more rarely', () => {
  const tellings = (hours: number): number => {
    let told = 0;
    let times = 0;
    for (let covered = HOUR_MS; covered <= hours * HOUR_MS; covered += HOUR_MS) {
      if (covered > HOUR_MS && !isListDue(told, covered)) continue;
      told = covered;
      times += 1;
    }
    return times;
  };
  expect(tellings(24)).toBe(24);
  // 25 h comes after 24 h at once, 48 h is every second hour: a month of 720 hours is told about a hundred times
  expect(tellings(720)).toBeLessThan(110);
  expect(tellings(720)).toBeGreaterThan(60);
});
