import { expect, it } from 'vitest';
import { Door } from './door.ts';
import { createQuietWarn } from './event-log.ts';
import { RecentKeys } from './recent-keys.ts';
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

it('counts who is inside, in all and by address', () => {
  const door = new Door({ connections: 3, connectionsPerAddress: 2, connectionsPerSecond: 100 }, () => 0);
  expect([door.enter('a'), door.enter('a'), door.enter('a'), door.enter('b'), door.enter('c')]).toEqual([
    undefined,
    undefined,
    'connection-limit',
    undefined,
    'connection-limit',
  ]);
  door.leave('a');
  expect([door.enter('a'), door.enter('b')]).toEqual([undefined, 'connection-limit']);
});

it('lets in only so many a second', () => {
  const door = new Door({ connections: 10, connectionsPerAddress: 0, connectionsPerSecond: 1 }, () => 0);
  expect([door.enter('a'), door.enter('a'), door.enter('a')]).toEqual([undefined, undefined, 'connection-rate']);
});

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

it('writes a warning once in ten seconds, with the number left out', () => {
  let now = 0;
  const written: unknown[] = [];
  const warn = (fields: object, event: string): void => void written.push([event, fields]);
  const quiet = createQuietWarn({ info: warn, warn, error: warn }, () => now);
  for (let n = 0; n < 5; n += 1) quiet({ n }, 'a');
  quiet({}, 'b');
  now = 10_000;
  quiet({ n: 9 }, 'a');
  expect(written).toEqual([
    ['a', { n: 0 }],
    ['b', {}],
    ['a', { n: 9, leftOut: 4 }],
  ]);
});
