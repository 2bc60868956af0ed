import { expect, it } from 'vitest';
import { groupingLabels, selectorsOf } from './promql.ts';

it('finds the series that are asked for, and nothing else', () => {
  const expression =
    'histogram_quantile(0.99, sum by (le, job) (rate(a_bucket{job="x",status=~"5..|a{b}",k!="v"}[5m]))) > 2e3\n' +
    'and on (instance) max(b_total) unless absent(up{job="y"}) == bool 1';
  expect(selectorsOf(expression)).toEqual([
    { metric: 'a_bucket', matchers: { job: 'x', status: '5..|a{b}' }, labels: ['job', 'status', 'k'] },
    { metric: 'b_total', matchers: {}, labels: [] },
    { metric: 'up', matchers: { job: 'y' }, labels: ['job'] },
  ]);
  expect(groupingLabels(expression)).toEqual(['le', 'job', 'instance']);
});

it.each(['sum(rate(a[5m])', 'a{b="c"', 'sum(a]', 'a)'])('refuses %s', (expression) => {
  expect(() => selectorsOf(expression)).toThrow('brackets');
});
