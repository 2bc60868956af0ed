import { expect, it } from 'vitest';
import { RecentKeys } from './recent-keys.ts';

it('remembers for a while, and only so many', () => {
  let now = 0;
  const keys = new RecentKeys(100, 2, () => now);
  keys.add('a');
  now = 50;
  keys.add('b');
  expect(['a', 'b', 'c'].map((key) => keys.has(key))).toEqual([true, true, false]);
  now = 100;
  expect(['a', 'b'].map((key) => keys.has(key))).toEqual([false, true]);
  keys.add('c');
  keys.add('d');
  expect(['b', 'c', 'd'].map((key) => keys.has(key))).toEqual([false, true, true]);
});
