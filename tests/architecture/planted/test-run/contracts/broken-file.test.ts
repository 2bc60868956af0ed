import { expect, it } from 'vitest';

throw new Error('breaks before the first test');

it('holds', () => {
  expect(1).toBe(1);
});
