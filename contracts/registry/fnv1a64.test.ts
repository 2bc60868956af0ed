import { expect, it } from 'vitest';
import fc from 'fast-check';
import { fnv1a64 } from './fnv1a64.ts';

it.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
  ['http://norvig.com/21-days.html', '07aaa640476e0b9a'],
])('gives the published value of %j', (text, hash) => {
  expect(fnv1a64(text)).toBe(hash);
});

it('is FNV-1a over UTF-8, worked the plain way with BigInt', () => {
  const plainly = (text: string): string => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(text))
      hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    return hash.toString(16).padStart(16, '0');
  };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      // No text of a registry holds NUL, which YAML refuses.
      const kept = text.replaceAll('\0', '');
      expect(fnv1a64(kept)).toBe(plainly(kept));
    }),
  );
  expect(fnv1a64('排口 kiln 😀')).toBe(plainly('排口 kiln 😀'));
});
