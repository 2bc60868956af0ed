import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { CountedHistogram, showCounter, showGauge } from './shown-metrics.ts';

it('figures that are counted elsewhere are shown as they stand', async () => {
  const registry = new Registry();
  let count = 3;
  showCounter(registry, { name: 'c_total', help: 'c', read: () => count });
  showGauge(registry, { name: 'g', help: 'g', labels: ['a'], read: () => [{ labels: { a: 'x' }, value: -count }] });
  new CountedHistogram(registry, {
    name: 'h',
    help: 'h',
    bounds: [1, 5],
    read: () => ({ counts: [2, 1, count], sum: 40 }),
  });
  expect(await registry.metrics()).toBe(`# HELP c_total c
# TYPE c_total counter
c_total 3

# HELP g g
# TYPE g gauge
g{a="x"} -3

# HELP h h
# TYPE h histogram
h_bucket{le="1"} 2
h_bucket{le="5"} 3
h_bucket{le="+Inf"} 6
h_sum 40
h_count 6
`);
  count = 4;
  const text = await registry.metrics();
  expect(text).toContain('c_total 4\n');
  expect(text).toContain('h_count 7\n');
});
