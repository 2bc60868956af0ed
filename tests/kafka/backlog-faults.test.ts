/** The mover of the backlog where its client refuses: it begins anew, and says how far it is of its own partitions only. */
import { afterEach, expect, it } from 'vitest';
import type { KafkaConsumer, LibrdKafkaError, Message, TopicPartitionOffset } from 'node-rdkafka';
import { startBacklogMover, type BacklogMover } from '../../backends/kafka/backlog-mover.ts';
import { createDetectFigures } from '../../backends/kafka/detect-figures.ts';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import type { KafkaModule } from '../../backends/kafka/load-client.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { needKafka } from '../servers/addresses.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 20 };
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What the client does before it does what it is asked for; it may throw. */
interface Before {
  readonly commit?: (places: readonly TopicPartitionOffset[]) => void;
  readonly assign?: () => void;
  readonly taken?: (messages: readonly Message[]) => void;
}

/** A real client that can be made to refuse, as it does where its connection ended a moment ago. */
function refusing(module: KafkaModule, before: Before): KafkaModule {
  class Refusing extends module.KafkaConsumer {
    override commit(places?: unknown): this {
      before.commit?.(places as readonly TopicPartitionOffset[]);
      return super.commit(places as TopicPartitionOffset[]);
    }

    override assign(places: Parameters<KafkaConsumer['assign']>[0]): this {
      before.assign?.();
      return super.assign(places);
    }

    override consume(most?: unknown, done?: unknown): void {
      const given = done as (error: LibrdKafkaError, messages: Message[] | undefined) => void;
      super.consume(most as number, (error: LibrdKafkaError, messages: Message[] | undefined) => {
        if (messages !== undefined && messages.length > 0) before.taken?.(messages);
        given(error, messages);
      });
    }
  }
  return { ...module, KafkaConsumer: Refusing };
}

interface Moving {
  readonly mover: BacklogMover;
  readonly troubles: readonly Error[];
}

/** Moves the backlog of the partitions that are owned; what is moved counts as worked on at once. */
function startMoving(topics: OwnTopics, before: Before, owned: () => readonly number[]): Moving {
  const troubles: Error[] = [];
  const figures = createDetectFigures();
  let records = 0;
  Object.defineProperty(figures, 'records', { get: () => (records += 10_000) });
  const group = {
    figures,
    trouble: () => undefined,
    partitions: () => owned().map((partition) => ({ partition, next: 0, end: 0, oldestReceived: undefined })),
  };
  const mover = startBacklogMover({
    module: refusing(topics.module, before),
    settings: topics.settings,
    group,
    share: 1,
    onTrouble: (error) => troubles.push(error),
  });
  ends.push(() => mover.close());
  return { mover, troubles };
}

async function fill({ module, settings }: OwnTopics, partitions: readonly number[]): Promise<void> {
  const producer = await openDurableProducer(module, settings, 'test');
  ends.push(() => producer.close());
  const topic = topicName(settings, 'backlog');
  const value = Buffer.from('{"v":1,"kind":"tick","received":1}');
  await producer.send(partitions.map((partition) => ({ topic, partition, key: 's', value })));
}

it('begins anew where its client throws, and moves everything', SLOW, async (context) => {
  const topics = await makeOwnTopics(needKafka(context));
  await fill(topics, [0, 1, 2]);
  let refusals = ['assign', 'commit'];
  const refuse = (what: string) => () => {
    if (!refusals.includes(what)) return;
    refusals = refusals.filter((other) => other !== what);
    throw new Error('KafkaConsumer is disconnected');
  };
  const { mover, troubles } = startMoving(topics, { assign: refuse('assign'), commit: refuse('commit') }, () => [
    0, 1, 2,
  ]);
  await expect.poll(() => mover.figures.moved, SOON).toBeGreaterThanOrEqual(3);
  expect(troubles.map(({ message }) => message)).toEqual([
    'Kafka, read the backlog: KafkaConsumer is disconnected',
    'Kafka, keep how far the backlog is: KafkaConsumer is disconnected',
  ]);
  expect(troubles.every((error) => error instanceof UnavailableError)).toBe(true);
  const lengths = (): Promise<readonly number[]> =>
    Promise.all([0, 1, 2].map(async (partition) => (await topics.messages('log', partition)).length));
  const moved = await lengths();
  // What it could not say that it had moved is moved twice.
  expect(Math.min(...moved)).toBeGreaterThan(0);
  await fill(topics, [1]);
  await expect.poll(lengths, SOON).toEqual(moved.map((length, partition) => length + Number(partition === 1)));
});

it('says nothing of how far partitions are that it lost meanwhile', SLOW, async (context) => {
  const topics = await makeOwnTopics(needKafka(context));
  await fill(topics, [0, 1]);
  let owned: readonly number[] = [0, 1];
  const kept = new Map<number, number>();
  const { mover, troubles } = startMoving(
    topics,
    {
      taken: () => {
        owned = [0];
      },
      commit: (places) => {
        for (const { partition, offset } of places) kept.set(partition, offset);
      },
    },
    () => owned,
  );
  await expect.poll(() => kept.get(0), SOON).toBe(1);
  await expect.poll(() => mover.figures.moved, SOON).toBeGreaterThan(0);
  expect([...kept.keys()]).toEqual([0]);
  expect(troubles).toEqual([]);
});
