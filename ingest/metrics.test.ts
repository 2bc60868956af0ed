import { expect, it } from 'vitest';
import { createIngestMetrics, observePuback, PUBACK_BOUNDS_MS } from './metrics.ts';

it('counts each PUBACK in the bucket whose bound it keeps', () => {
  const metrics = createIngestMetrics();
  for (const ms of [0.5, 1, 1.5, 30_000, 40_000]) observePuback(metrics, ms);
  const { counts, sumMs } = metrics.puback;
  expect([counts[0], counts[1], counts[PUBACK_BOUNDS_MS.length - 1], counts[PUBACK_BOUNDS_MS.length]]).toEqual([
    2, 1, 1, 1,
  ]);
  expect([counts.reduce((sum, count) => sum + count), sumMs]).toEqual([5, 70_003]);
});
