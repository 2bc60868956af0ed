import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('lets a burst through and then so many a second', () => {
  let now = 0;
  const bucket = new TokenBucket(10, 3, () => now);
  expect([1, 2, 3, 4].map(() => bucket.tryTake())).toEqual([true, true, true, false]);
  now = 100;
  expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false]);
  now = 10_000;
  expect([1, 2, 3, 4].map(() => bucket.tryTake())).toEqual([true, true, true, false]);
});

it('says how long a debt lasts', () => {
  let now = 0;
  const bucket = new TokenBucket(10, 1, () => now);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 100, 200]);
  now = 150;
  expect(bucket.take()).toBeCloseTo(150);
});
