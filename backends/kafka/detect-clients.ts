/** The connections of a detecting process, opened together and closed together. */
import type { KafkaConsumer, LibrdKafkaError, TopicPartition } from 'node-rdkafka';
import type { CommitFigures, Committer } from './committer.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { openDurableProducer, type DurableProducer } from './durable-producer.ts';
import { GroupCommits } from './group-commits.ts';
import { createGroupFence } from './group-fence.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { createPlainCommitter } from './plain-committer.ts';
import { MOST_BYTES } from './topics.ts';
import { openTransactionalCommitter } from './transactional-committer.ts';

export const SESSION_MS = 10_000;
const CONNECT_MS = 10_000;
const CLOSE_MS = 5_000;
/** Per message, as the client counts it. */
const CONSUME_MS = 5;

export type Rebalance = (error: LibrdKafkaError, partitions: readonly TopicPartition[]) => void;

export interface DetectClients {
  readonly member: KafkaConsumer;
  /** Answered while the member consumes. */
  readonly commits: GroupCommits;
  readonly committed: KafkaConsumer;
  readonly uncommitted: KafkaConsumer;
  readonly committer: Committer;
  /** Only without transactions. */
  readonly producer: DurableProducer | undefined;
  close(): Promise<void>;
}

export interface DetectClientOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Unique among the processes that run. */
  readonly instance: string;
  readonly commitEveryMs: number;
  readonly figures: CommitFigures;
  readonly onRebalance: Rebalance;
  readonly isMember: () => boolean;
}

async function connected(consumer: KafkaConsumer): Promise<KafkaConsumer> {
  await connectConsumer(consumer, { connectMs: CONNECT_MS, closeMs: CLOSE_MS });
  return consumer;
}

function looking(
  { module, settings }: DetectClientOptions,
  level: 'read_committed' | 'read_uncommitted',
): Promise<KafkaConsumer> {
  const config = {
    ...clientConfig(settings, `look-${level}`),
    'group.id': `${settings.prefix}look`,
    'isolation.level': level,
  };
  return connected(new module.KafkaConsumer(config, {}));
}

function openMember({ module, settings, onRebalance }: DetectClientOptions): Promise<KafkaConsumer> {
  const consumer = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'detect'),
      'group.id': `${settings.prefix}detect`,
      'partition.assignment.strategy': 'cooperative-sticky',
      'session.timeout.ms': SESSION_MS,
      'heartbeat.interval.ms': 2_000,
      'max.poll.interval.ms': 300_000,
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'isolation.level': 'read_committed',
      'fetch.message.max.bytes': MOST_BYTES,
      'queued.max.messages.kbytes': 32_768,
      'queued.min.messages': 20_000,
      'fetch.queue.backoff.ms': 50,
      'fetch.wait.max.ms': 50,
      rebalance_cb: onRebalance,
      offset_commit_cb: true,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  consumer.setDefaultConsumeTimeout(CONSUME_MS);
  return connected(consumer);
}

/** @throws UnavailableError; what was opened is closed again */
export async function openDetectClients(options: DetectClientOptions): Promise<DetectClients> {
  const { module, settings, instance, figures, commitEveryMs, isMember } = options;
  const closes: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closes.splice(0).reverse()) await end();
  };
  const consumer = async (opening: Promise<KafkaConsumer>): Promise<KafkaConsumer> => {
    const opened = await opening;
    closes.push(() => closeConsumer(opened, CLOSE_MS));
    return opened;
  };
  try {
    const committed = await consumer(looking(options, 'read_committed'));
    const uncommitted = await consumer(looking(options, 'read_uncommitted'));
    const member = await consumer(openMember(options));
    const commits = new GroupCommits(member);
    const fence = createGroupFence(member, (places) => commits.send(places));
    const producer = settings.transactions ? undefined : await openDurableProducer(module, settings, 'detect');
    const id = `${settings.prefix}detect-${instance}`;
    const committer =
      producer === undefined
        ? await openTransactionalCommitter(module, { settings, id, fence, figures, everyMs: commitEveryMs })
        : createPlainCommitter({ producer, figures, isMember });
    closes.push(() => committer.close());
    return { member, commits, committed, uncommitted, committer, producer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
