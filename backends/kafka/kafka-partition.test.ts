import { describe, expect, it } from 'vitest';
import { createKafkaPartition, readReports, type KafkaPartitionParts } from './kafka-partition.ts';

const PARTS = {
  settings: { brokers: 'nowhere:9092', prefix: 't.', partitions: 4, transactions: true },
  partition: 2,
  firstKept: () => Promise.resolve(5),
} as KafkaPartitionParts;

describe('a partition of the log', () => {
  it('is asked each time where it begins', async () => {
    let kept = 5;
    const at = createKafkaPartition({ ...PARTS, firstKept: async () => kept }, 0);
    expect(await at.first()).toBe(5);
    kept = 900;
    expect(await at.first()).toBe(900);
  });

  it('is asked for nothing where nothing is to be read again', async () => {
    const read: unknown[] = [];
    for await (const reports of readReports(PARTS, 7, 7)) read.push(reports);
    expect(read).toEqual([]);
  });
});
