import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ValueFile, type ValuePlace } from './value-file.ts';

it('gives back what was put, whatever was dropped meanwhile', () => {
  const step = fc.record({ bytes: fc.uint8Array({ maxLength: 300 }), drops: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const file = new ValueFile(256);
      const held: { place: ValuePlace; bytes: Buffer }[] = [];
      for (const { bytes, drops } of steps) {
        held.push({ place: file.put(Buffer.from(bytes)), bytes: Buffer.from(bytes) });
        const oldest = drops ? held.shift() : undefined;
        if (oldest !== undefined) file.drop(oldest.place);
      }
      for (const { place, bytes } of held) expect(file.get(place)).toEqual(bytes);
      file.close();
    }),
  );
});

it('does not grow with what was dropped', () => {
  const file = new ValueFile(1_000);
  let last = file.put(Buffer.alloc(100, 1));
  for (let count = 0; count < 200; count += 1) {
    const next = file.put(Buffer.alloc(100, count));
    file.drop(last);
    file.drop(last);
    last = next;
  }
  expect(file.size()).toBeLessThan(1_500);
  expect(file.get(last)).toEqual(Buffer.alloc(100, 199));
  file.close();
});
