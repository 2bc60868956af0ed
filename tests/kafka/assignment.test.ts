/** Partitions that come, go and come back while much waits in them, and one that cannot go on beside others that can. */
import { describe, expect, it } from 'vitest';
import type { DetectGroup } from '../../backends/kafka/detect-group.ts';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { encodeRegistry } from '../../backends/kafka/registry-shelf.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { createDetectWorker } from '../../cli/stages/detect-worker.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { OwnedPartition, PartitionWorker } from '../../contracts/ports/partition.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { openTestLog, startTestGroup, type TestLog } from './detecting.ts';
import { removeBefore } from './remove-records.ts';
import { registryEntry, worksRegistry } from './works.ts';

const ends = endsAfterEach();

async function openLog(brokers: string, partitions: number): Promise<TestLog> {
  const log = await openTestLog(brokers, partitions);
  ends.push(() => log.close());
  return log;
}

/** A member whose detectors wait until they are let go. */
function slowMember(log: TestLog): {
  readonly group: DetectGroup;
  readonly letGo: () => void;
  readonly offsets: number[][];
} {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const offsets: number[][] = [];
  const createWorker = (at: OwnedPartition): PartitionWorker => {
    const worker = createDetectWorker(at);
    const taken: number[] = [];
    offsets.push(taken);
    return {
      ...worker,
      async take(records) {
        await gate;
        taken.push(...records.map(({ offset }) => offset));
        await worker.take(records);
      },
    };
  };
  const group = startTestGroup(log, [], createWorker);
  ends.push(async () => {
    letGo();
    await group.close();
  });
  return { group, letGo, offsets };
}

const TICKS = 30_000;
const ticks = (count: number): readonly LogEntry[] =>
  Array.from({ length: count }, (_, at): LogEntry => ({ kind: 'tick', received: Date.UTC(2026, 5, 1) + at }));

const doneBy = ({ partitions }: DetectGroup): readonly number[] => partitions().map(({ next }) => next);

describe('a partition with more waiting than is held', () => {
  it(
    'goes on when it comes back to the process that was told to wait with it',
    { timeout: 180_000 },
    async (context) => {
      const log = await openLog(needKafka(context), 2);
      await log.append(ticks(TICKS));
      const first = slowMember(log);
      // Both are full, and nothing more is asked for.
      await expect.poll(() => first.group.partitions().length, { timeout: 30_000 }).toBe(2);
      await expect
        .poll(() => first.group.partitions().every(({ end }) => end >= 20_000), { timeout: 60_000 })
        .toBe(true);
      const second = slowMember(log);
      first.letGo();
      await expect.poll(() => second.group.partitions().length, { timeout: 60_000 }).toBe(1);
      second.letGo();
      await second.group.close();
      await expect.poll(() => doneBy(first.group), { timeout: 90_000 }).toEqual([TICKS, TICKS]);
      for (const taken of first.offsets) expect(taken).toEqual([...taken].sort((a, b) => a - b));
    },
  );
});

describe('a registry that is not on the shelf', () => {
  it('holds its own partition up and no other, until it is there', { timeout: 120_000 }, async (context) => {
    const log = await openLog(needKafka(context), 2);
    const { module, settings } = log;
    await log.append([registryEntry(worksRegistry(2))]);
    const producer = await openDurableProducer(module, settings, 'test');
    ends.push(() => producer.close());
    const next = registryEntry(worksRegistry(2, 70));
    if (next.kind !== 'registry') throw new TypeError('a registry was expected');
    const { digest, messages } = encodeRegistry(settings, next.files);
    const named = Buffer.from(JSON.stringify({ v: 1, kind: 'registry', received: next.received, digest }));
    const topic = topicName(settings, 'log');
    await producer.send([
      // Of nobody's writing: it names nothing, and is set aside.
      { topic, partition: 0, key: '', value: Buffer.from('{"v":1,"kind":"registry","received":1}') },
      { topic, partition: 1, key: '', value: named },
    ]);
    await log.append(ticks(5));
    const troubles: Error[] = [];
    const group = startTestGroup(log, troubles);
    ends.push(() => group.close());
    const at = (partition: number): number => group.partitions().find((one) => one.partition === partition)?.next ?? -1;
    await expect.poll(() => at(0), { timeout: 60_000 }).toBe(7);
    await expect.poll(() => group.trouble()?.message, { timeout: 30_000 }).toContain(`registry ${digest}`);
    expect([at(0), group.figures.restarts]).toEqual([7, 0]);
    expect(at(1)).toBeLessThan(2);
    await producer.send(messages);
    await expect.poll(() => at(1), { timeout: 60_000 }).toBe(7);
    await expect.poll(() => group.trouble(), { timeout: 30_000 }).toBeUndefined();
  });
});

describe('a log that retention cut off before it was read', () => {
  it(
    'is worked on from where it begins, and what was missed is told and counted',
    { timeout: 90_000 },
    async (context) => {
      const brokers = needKafka(context);
      const log = await openLog(brokers, 1);
      await log.append(ticks(20));
      await removeBefore(brokers, { topic: topicName(log.settings, 'log'), partition: 0, offset: 8 });
      const troubles: Error[] = [];
      const group = startTestGroup(log, troubles);
      ends.push(() => group.close());
      await expect.poll(() => doneBy(group), { timeout: 60_000 }).toEqual([20]);
      await expect.poll(() => group.figures.records, { timeout: 30_000 }).toBe(12);
      expect(troubles.map(({ message }) => message)).toEqual(['partition 0 missed 0 to 8']);
      expect(group.figures.missedRecords).toBe(8);
    },
  );
});
