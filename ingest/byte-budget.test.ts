import { expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.ts';

const turn = (): Promise<void> => new Promise(setImmediate);

it('lets in while there is room, and tells what is used', () => {
  const seen: number[] = [];
  const budget = new ByteBudget(100, (used) => void seen.push(used));
  budget.take(99);
  expect(budget.open).toBe(true);
  budget.take(50);
  expect(budget.open).toBe(false);
  budget.give(50);
  expect([budget.open, seen]).toEqual([true, [99, 149, 99]]);
});

it('wakes those who wait in their order, as far as there is room', async () => {
  const budget = new ByteBudget(100, () => undefined);
  const woken: string[] = [];
  budget.take(150);
  budget.wait(() => {
    woken.push('first');
    budget.take(60);
  });
  budget.wait(() => void woken.push('second'));
  const left = (): void => void woken.push('left');
  budget.wait(left);
  budget.leave(left);
  budget.give(40);
  await turn();
  expect(woken).toEqual([]);
  budget.give(60);
  await turn();
  expect(woken).toEqual(['first']);
  budget.give(60);
  await turn();
  expect(woken).toEqual(['first', 'second']);
});
