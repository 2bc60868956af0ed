import { expect, it } from 'vitest';

it('holds', () => {
  expect(1).toBe(1);
});

it('does not hold', () => {
  expect(1).toBe(2);
});
