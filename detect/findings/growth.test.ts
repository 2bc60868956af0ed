import { expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from './growth.ts';

it('an open finding is told again after a full hour, and at once when it becomes worse', () => {
  const told: Told = { ms: 1_000, severity: 'medium' };
  expect(isWorthTelling(told, HOUR_MS + 999, 'medium')).toBe(false);
  expect(isWorthTelling(told, HOUR_MS + 1_000, 'medium')).toBe(true);
  expect(isWorthTelling(told, HOUR_MS + 1_001, 'medium')).toBe(false);
  expect(isWorthTelling(told, HOUR_MS + 1_002, 'high')).toBe(true);
  expect(isWorthTelling(told, HOUR_MS + 1_003, 'high')).toBe(false);
});
