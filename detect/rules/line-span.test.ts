import { expect, it } from 'vitest';
import { lineSpan } from '../../tests/support/line-spans.ts';
import { productionKwh } from './line-span.ts';

it('the energy of a span is power times time of the meters that were heard', () => {
  const half = lineSpan('08:00', '08:30', 'on');
  const silent = lineSpan('08:00', '08:30', 'unknown');
  expect(productionKwh(half)).toBe(150);
  expect(productionKwh(silent)).toBe(0);
  expect(productionKwh({ ...half, productionMeters: [...half.productionMeters, ...silent.productionMeters] })).toBe(
    150,
  );
});
