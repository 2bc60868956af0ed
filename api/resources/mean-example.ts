/** A mean as it may come, for documents and tests. */
import type { Mean } from '../../contracts/mean.ts';

export const MEAN_EXAMPLE: Mean = {
  site: 'demo-cement',
  outlet: 'kiln-tail',
  device: 'cems-1',
  signal: 'nox',
  average: 'PT1H',
  start: '2026-11-22T08:00:00+08:00',
  end: '2026-11-22T09:00:00+08:00',
  state: 'final',
  valid: true,
  parts: { valid: 58, expected: 60, unit: 'minutes' },
  mean: 88.2,
  converted: 104.6,
  o2: 11.7,
  operating: true,
  verdict: 'over',
  limit: { max: 100, source: 'DB41/1953-2020' },
  source: 'samples',
};
