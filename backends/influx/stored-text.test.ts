import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromStored, toStored } from './stored-text.ts';

it('a text comes back as it was, and what is stored has no line end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(fromStored(toStored(value))).toBe(value);
      expect(toStored(value)).not.toMatch(/[\r\n]/);
    }),
  );
});

it('an ordinary text stands as it is', () => {
  expect(toStored('画面 "a1", b=2')).toBe('画面 "a1", b=2');
  expect(fromStored(toStored('a\\"\r\n\ud800'))).toBe('a\\"\r\n\ud800');
});
