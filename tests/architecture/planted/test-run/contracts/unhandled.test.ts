import { expect, it } from 'vitest';

it('holds, but a promise nobody waits for is rejected', async () => {
  void Promise.reject(new Error('nobody saw this'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(1).toBe(1);
});
