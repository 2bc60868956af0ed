import { expect, it } from 'vitest';
import { Door } from './door.ts';

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
