/**
 * How far what is shown is behind the log. Asked every few seconds: how far the detectors are, by what their group
 * commits for those who watch; how far the log is; and of what is not shown yet, since when it waits.
 */
import type { EofEvent, KafkaConsumer, Message, TopicPartitionOffset } from 'node-rdkafka';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { recordOf } from './read-records.ts';
import { closeWithin, settle } from './settle.ts';
import { topicName } from './topics.ts';

/** What this process has copied of a partition's outcomes. */
export interface ShownPartition {
  /** Log offset up to which outcomes are shown. */
  readonly applied: number;
  /** Nothing more of them is there: what the detector read since then was nothing to tell of. */
  readonly isAtEnd: boolean;
}

export interface LaggingPartition {
  readonly partition: number;
  /** Log records that are not shown yet; with transactions up to a few more than there are. */
  readonly behind: number;
  /** Receive time of the oldest of them. */
  readonly oldestReceived: number | null;
}

export interface LogLag {
  /** As of the last time that Kafka answered. */
  partitions(): readonly LaggingPartition[];
  /** Why Kafka does not answer now; undefined while it does. */
  trouble(): Error | undefined;
  /** Resolves with what can only be wrong for good: the log was made anew under what was copied. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

export interface LogLagOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** By partition. */
  readonly shown: () => readonly ShownPartition[];
  readonly everyMs?: number;
}

const EVERY_MS = 3_000;
const ASK_MS = 5_000;
const CLOSE_MS = 3_000;
const CONSUME_MS = 20;
const AT_ONCE = 50;
/** What the client takes for the end, and answers where nothing is known. */
const END = -1;

function consumerOf(module: KafkaModule, settings: KafkaSettings): KafkaConsumer {
  const consumer = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'lag'),
      // Asks for the group's offsets, and never joins it or commits.
      'group.id': `${settings.prefix}detect`,
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed',
      // One record of each partition is looked at.
      'fetch.message.max.bytes': 16_384,
      'queued.max.messages.kbytes': 1_024,
      'fetch.wait.max.ms': 50,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  consumer.setDefaultConsumeTimeout(CONSUME_MS);
  return consumer;
}

class WatchedLag implements LogLag {
  readonly failed: Promise<Error>;
  readonly #consumer: KafkaConsumer;
  readonly #options: LogLagOptions;
  readonly #ended: EofEvent[] = [];
  #fail: (error: Error) => void = () => undefined;
  #partitions: readonly LaggingPartition[] = [];
  #trouble: Error | undefined;
  #isClosed = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(consumer: KafkaConsumer, options: LogLagOptions) {
    this.#consumer = consumer;
    this.#options = options;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    consumer.on('partition.eof', (end) => {
      this.#ended.push(end);
    });
  }

  /** Looks once, and from then on by itself. */
  async start(): Promise<void> {
    this.#partitions = await this.#look();
    this.#running = this.#run();
  }

  partitions(): readonly LaggingPartition[] {
    return this.#partitions;
  }

  trouble(): Error | undefined {
    return this.#trouble;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    // What is being asked of a server that hangs is not waited for.
    await closeWithin(CLOSE_MS, (done) => void this.#running.then(done));
    await closeConsumer(this.#consumer);
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#pause();
      if (this.#isClosed) return;
      try {
        this.#partitions = await this.#look();
        this.#trouble = undefined;
      } catch (error) {
        if (error instanceof UnavailableError) this.#trouble = error;
        else {
          this.#fail(error as Error);
          return;
        }
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.everyMs ?? EVERY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #places(offset: number): TopicPartitionOffset[] {
    const { settings } = this.#options;
    const topic = topicName(settings, 'log');
    return Array.from({ length: settings.partitions }, (_, partition) => ({ topic, partition, offset }));
  }

  async #look(): Promise<readonly LaggingPartition[]> {
    // Before it is looked at what is shown: what was told by then is seen by then.
    const read = await settle<TopicPartitionOffset[]>('ask how far detection is', (done) => {
      this.#consumer.committed(this.#places(0), ASK_MS, done);
    });
    // And the end of the log behind that: nothing is shown of what is not there.
    const shown = this.#options.shown();
    const ends = await settle<TopicPartitionOffset[]>('ask how far the log is', (done) => {
      this.#consumer.offsetsForTimes(this.#places(END), ASK_MS, done);
    });
    const lagging = ends.flatMap((end): TopicPartitionOffset[] => {
      const { applied, isAtEnd } = shown[end.partition] ?? { applied: 0, isAtEnd: false };
      if (applied > end.offset) throw logMadeAnew(end, applied);
      const readUpTo = read.find(({ partition }) => partition === end.partition)?.offset ?? 0;
      const offset = Math.max(applied, isAtEnd ? readUpTo : 0);
      return offset < end.offset ? [{ ...end, offset }] : [];
    });
    const oldest = await this.#oldest(lagging);
    return ends.map(({ partition, offset: end }) => {
      const from = lagging.find((place) => place.partition === partition)?.offset ?? end;
      const oldestReceived = oldest.get(partition) ?? null;
      // Behind the last record there may be marks of transactions.
      return { partition, behind: oldestReceived === null ? 0 : end - from, oldestReceived };
    });
  }

  /** Receive time of the first record from each place on; nothing of a partition in which none follows. */
  async #oldest(places: readonly TopicPartitionOffset[]): Promise<ReadonlyMap<number, number>> {
    const found = new Map<number, number>();
    const left = new Set(places.map(({ partition }) => partition));
    if (left.size === 0) return found;
    this.#ended.length = 0;
    this.#consumer.assign([...places]);
    try {
      const until = performance.now() + ASK_MS;
      while (left.size > 0 && !this.#isClosed) {
        if (performance.now() > until) throw new UnavailableError('Kafka sends nothing of the log');
        const messages = await settle<Message[]>('read the log', (done) => {
          this.#consumer.consume(AT_ONCE, done);
        });
        for (const message of messages)
          if (left.delete(message.partition)) found.set(message.partition, recordOf(message).received);
        for (const { partition } of this.#ended.splice(0)) left.delete(partition);
        // Not to be held up by a partition that has much.
        if (messages.length > 0 && left.size > 0)
          this.#consumer.assign(places.filter(({ partition }) => left.has(partition)));
      }
      return found;
    } finally {
      this.#consumer.unassign();
    }
  }
}

function logMadeAnew({ topic, partition, offset }: TopicPartitionOffset, applied: number): ConfigError {
  return new ConfigError([
    `partition ${String(partition)} of topic ${topic} ends at ${String(offset)}, and what was made of it up to ` +
      `${String(applied)} is here already: it was made anew. Make the other topics anew as well, or use another kafkaPrefix.`,
  ]);
}

/** @throws UnavailableError where no broker answers, ConfigError where the log is not the one that outcomes are about */
export async function watchLogLag(options: LogLagOptions): Promise<LogLag> {
  const consumer = consumerOf(options.module, options.settings);
  await connectConsumer(consumer);
  try {
    const lag = new WatchedLag(consumer, options);
    await lag.start();
    return lag;
  } catch (error) {
    await closeConsumer(consumer);
    throw error;
  }
}
