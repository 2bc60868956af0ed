/** Partitions that are taken over without transactions: by two owners at once, and by one that was away too long. */
import type { KafkaConsumer } from 'node-rdkafka';
import { describe, expect, it } from 'vitest';
import { openDurableProducer, type DurableProducer } from '../../backends/kafka/durable-producer.ts';
import { clientConfig } from '../../backends/kafka/kafka-settings.ts';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { closeWithin, settle } from '../../backends/kafka/settle.ts';
import { takeOver, type TakenOver } from '../../backends/kafka/take-over.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { ValueFile } from '../../backends/kafka/value-file.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const ends = endsAfterEach();

async function openLooking({ module, settings }: OwnTopics): Promise<KafkaConsumer> {
  const consumer = new module.KafkaConsumer({ ...clientConfig(settings, 'look'), 'group.id': 'look' }, {});
  await settle<unknown>('connect', (done) => {
    consumer.connect({ timeout: 20_000 }, done);
  });
  ends.push(() => closeWithin(5_000, (done) => void consumer.disconnect(done)));
  return consumer;
}

interface Bench {
  readonly topics: OwnTopics;
  readonly producer: DurableProducer;
  readonly file: ValueFile;
  take(isMember?: () => boolean, now?: () => number): Promise<TakenOver>;
  /** What is in the topic of states under the highest epoch. */
  keys(): Promise<readonly string[]>;
}

async function setUp(brokers: string): Promise<Bench> {
  const topics = await makeOwnTopics(brokers);
  const { module, settings } = topics;
  const looking = await openLooking(topics);
  const producer = await openDurableProducer(module, settings, 'test');
  ends.push(() => producer.close());
  const file = new ValueFile();
  ends.push(() => Promise.resolve(file.close()));
  const shelf = openRegistryShelf(module, settings);
  const common = { module, settings, shelf, file, committed: looking, uncommitted: looking, producer };
  return {
    topics,
    producer,
    file,
    take: (isMember = () => true, now = Date.now) =>
      takeOver({ ...common, isMember, now, registryOf: () => undefined, sharedKey: 'shared' }, 0),
    keys: async () =>
      (await topics.messages('state', 0)).flatMap(({ key, value }) => (value === null ? [] : [String(key)])),
  };
}

/** What an owner commits of a site. */
async function commit({ producer, topics }: Bench, { table, epoch }: TakenOver, value: string): Promise<void> {
  const place = { topic: topicName(topics.settings, 'state'), partition: 0 };
  const changes = [
    { key: 'site/a', value },
    { key: 'next', value },
  ];
  await producer.send(table.messages(place, epoch, changes));
  table.apply(changes);
}

describe('a partition without transactions', () => {
  it('is never owned twice under one epoch, and the later owner counts', { timeout: 60_000 }, async (context) => {
    const bench = await setUp(needKafka(context));
    await commit(bench, await bench.take(), '1');
    const [one, two] = await Promise.all([bench.take(), bench.take()]);
    expect(one.epoch).not.toBe(two.epoch);
    const [earlier, later] = one.epoch < two.epoch ? [one, two] : [two, one];
    await commit(bench, later, '3');
    // It hung, and comes too late.
    await commit(bench, earlier, '2');
    const after = await bench.take();
    expect([after.table.get('next'), after.table.get('site/a')]).toEqual(['3', '3']);
  });

  it('counts what was decided last, not what was written last', { timeout: 60_000 }, async (context) => {
    const bench = await setUp(needKafka(context));
    const now = Date.now();
    const early = await bench.take(
      () => true,
      () => now - 60_000,
    );
    const late = await bench.take(
      () => true,
      () => now,
    );
    await commit(bench, late, '5');
    await commit(bench, early, '4');
    expect((await bench.take()).table.get('next')).toBe('5');
  });

  it('is above the epoch of an owner whose clock was ahead', { timeout: 60_000 }, async (context) => {
    const bench = await setUp(needKafka(context));
    const ahead = await bench.take(
      () => true,
      () => Date.now() + 3_600_000,
    );
    await commit(bench, ahead, '6');
    const after = await bench.take();
    expect(after.epoch).toBeGreaterThan(ahead.epoch);
    expect(after.table.get('next')).toBe('6');
  });

  it(
    'is not begun by a process that its group has given up, and nothing of it is held',
    { timeout: 60_000 },
    async (context) => {
      const bench = await setUp(needKafka(context));
      await commit(bench, await bench.take(), 'x'.repeat(1_000));
      const before = await bench.keys();
      await expect(bench.take(() => false)).rejects.toThrow('not heard of for too long');
      expect(await bench.keys()).toEqual(before);
    },
  );
});
