import { expect, it } from 'vitest';
import { createReceivedClock } from './received-clock.ts';

it('follows the clock and never goes back', () => {
  const times = [10, 12, 11, 3, 13];
  const received = createReceivedClock(() => times.shift() ?? 0);
  expect([received(), received(), received(), received(), received(), received()]).toEqual([10, 12, 12, 12, 13, 13]);
});

it('is never less than what the log ends with', () => {
  expect(createReceivedClock(() => 5, 100)()).toBe(100);
});
