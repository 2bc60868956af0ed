import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitArray } from './split-array.ts';

it('cuts an array into the texts of its elements', () => {
  expect(splitArray(' [{"a":[1,2]} , "x,]\\"\\\\" ,3.0,\n[],{}] ')).toEqual([
    '{"a":[1,2]}',
    '"x,]\\"\\\\"',
    '3.0',
    '[]',
    '{}',
  ]);
  expect(splitArray('[]')).toEqual([]);
  expect(splitArray('[ "\\\\" , 1 ]')).toEqual(['"\\\\"', '1']);
});

it('gives for any array one text each, which reads back as the element', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (values, space) => {
      const parts = splitArray(JSON.stringify(values, undefined, space));
      expect(parts.map((part) => JSON.parse(part) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
