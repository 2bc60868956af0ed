import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sitePartition } from './site-partition.ts';

describe('the partition of a site', () => {
  it('is the one that every version before gave it', () => {
    // CRC-32 of "123456789" is 0xcbf43926, the check value of the catalogue of CRC algorithms.
    expect(sitePartition('123456789', 24)).toBe(0xcbf43926 % 24);
    expect(['plant-a', 'plant-b', '热电厂-1'].map((site) => sitePartition(site, 24))).toMatchInlineSnapshot(`
      [
        12,
        6,
        12,
      ]
    `);
  });

  it('is within bounds, and spreads a city evenly', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 256 }), (site, partitions) => {
        const partition = sitePartition(site, partitions);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
      }),
    );
    const counts = new Array<number>(24).fill(0);
    for (let site = 0; site < 3_650; site += 1) {
      const partition = sitePartition(`site-${String(site).padStart(4, '0')}`, 24);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(200);
    expect(Math.min(...counts)).toBeGreaterThan(110);
  });
});
