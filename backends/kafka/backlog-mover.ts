/**
 * Reports that were stored and sent later wait in a lane of their own, so that a device that recovers, or a day in which
 * nothing could be received, never delays what happens now. Whoever works on a partition moves its backlog into the log,
 * in the order in which it came, while nothing live waits and for a share of the time: the log stays the one order that
 * is replayed. What a crash makes it move twice is a repeat, and without effect.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaConsumer, Message, TopicPartitionOffset } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import type { DetectGroup } from './detect-group.ts';
import { openDurableProducer, type DurableProducer } from './durable-producer.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { attempt, settle } from './settle.ts';
import { MOST_BYTES, topicName } from './topics.ts';

export interface BacklogMoverOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly group: Pick<DetectGroup, 'partitions' | 'trouble' | 'figures'>;
  /** Of the time, at most: 0.5 = as long as it took to work on what was moved, nothing more is. */
  readonly share: number;
  readonly onTrouble: (error: Error) => void;
}

export interface BacklogFigures {
  moved: number;
  /** Reports that still wait in the partitions of this process, as of the last look. */
  waiting: number;
}

export interface BacklogMover {
  readonly figures: BacklogFigures;
  close(): Promise<void>;
}

const AT_ONCE = 2_000;
const CONSUME_MS = 20;
const LOOK_MS = 100;
const ANSWER_MS = 10_000;
const CLOSE_MS = 5_000;
/** What was moved is worked on by then, or something else is wrong: live lag is looked at again. */
const WORKED_ON_MS = 30_000;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** Much less than the days after which a broker forgets offsets. */
const KEEP_MS = 3_600_000;
/** Records of a partition that wait, from which on nothing is added to them. */
const LIVE_WAITS = 200;

interface Lane {
  readonly reader: KafkaConsumer;
  readonly producer: DurableProducer;
  close(): Promise<void>;
}

async function openLane({ module, settings }: BacklogMoverOptions): Promise<Lane> {
  const reader = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'backlog'),
      // Only to keep how far it is; nobody joins it.
      'group.id': `${settings.prefix}backlog`,
      'enable.auto.commit': false,
      'isolation.level': 'read_committed',
      'fetch.message.max.bytes': MOST_BYTES,
      'queued.max.messages.kbytes': 8_192,
      'fetch.queue.backoff.ms': 50,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  reader.setDefaultConsumeTimeout(CONSUME_MS);
  await connectConsumer(reader, { connectMs: ANSWER_MS, closeMs: CLOSE_MS });
  try {
    const producer = await openDurableProducer(module, settings, 'backlog');
    const close = async (): Promise<void> => {
      await producer.close();
      await closeConsumer(reader, CLOSE_MS);
    };
    return { reader, producer, close };
  } catch (error) {
    await closeConsumer(reader, CLOSE_MS);
    throw error;
  }
}

class Mover {
  readonly figures: BacklogFigures = { moved: 0, waiting: 0 };
  readonly #options: BacklogMoverOptions;
  readonly #signal: AbortSignal;
  /** Next offset by partition, of those that are read. */
  readonly #next = new Map<number, number>();
  #keptAt = performance.now();

  constructor(options: BacklogMoverOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#signal.aborted) {
      let lane: Lane | undefined;
      const before = this.figures.moved;
      try {
        lane = await openLane(this.#options);
        this.#next.clear();
        while (!this.#signal.aborted) await this.#turn(lane);
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        this.#options.onTrouble(error);
        // What went on in between is another trouble.
        if (this.figures.moved > before) retryMs = FIRST_RETRY_MS;
        await this.#pause(retryMs);
        retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      } finally {
        await lane?.close();
      }
    }
  }

  async #turn(lane: Lane): Promise<void> {
    await this.#follow(lane);
    if (performance.now() - this.#keptAt > KEEP_MS) this.#keep(lane);
    if (this.#next.size === 0 || this.#isBusy()) {
      await this.#pause(LOOK_MS);
      return;
    }
    const messages = await settle<Message[]>('read the backlog', (done) => {
      lane.reader.consume(AT_ONCE, done);
    });
    const own = messages.filter(({ partition }) => this.#next.has(partition));
    if (own.length === 0) {
      this.figures.waiting = 0;
      await this.#pause(LOOK_MS);
      return;
    }
    await this.#move(lane, own);
  }

  /** How far it is; said again now and then, for the server forgets what a group without members said long ago. */
  #keep({ reader }: Pick<Lane, 'reader'>): void {
    this.#keptAt = performance.now();
    const topic = topicName(this.#options.settings, 'backlog');
    // Whoever owns the others now may be further already.
    const owned = this.#owned();
    const places = [...this.#next].flatMap(([partition, offset]) =>
      owned.includes(partition) ? [{ topic, partition, offset }] : [],
    );
    if (places.length > 0) attempt('keep how far the backlog is', () => reader.commit(places));
  }

  #owned(): readonly number[] {
    return this.#options.group.partitions().map(({ partition }) => partition);
  }

  /** Reads the partitions that are worked on here, from where the last one stopped. */
  async #follow({ reader }: Lane): Promise<void> {
    const owned = this.#owned();
    if (owned.length === this.#next.size && owned.every((partition) => this.#next.has(partition))) return;
    const topic = topicName(this.#options.settings, 'backlog');
    const committed = await settle<TopicPartitionOffset[]>('ask how far the backlog is', (done) => {
      reader.committed(
        owned.map((partition) => ({ topic, partition })),
        ANSWER_MS,
        done as never,
      );
    });
    this.#next.clear();
    // What was never begun has no offset, or one below zero.
    for (const { partition, offset } of committed) this.#next.set(partition, Math.max(0, offset));
    const places = [...this.#next].map(([partition, offset]) => ({ topic, partition, offset }));
    attempt('read the backlog', () => reader.assign(places));
  }

  /** Something live waits: it goes first. */
  #isBusy(): boolean {
    const { group } = this.#options;
    if (group.trouble() !== undefined) return true;
    return group
      .partitions()
      .some(({ next, end, oldestReceived }) => oldestReceived !== undefined && end - next > LIVE_WAITS);
  }

  async #move({ reader, producer }: Lane, messages: readonly Message[]): Promise<void> {
    const { group, settings, share } = this.#options;
    const topic = topicName(settings, 'log');
    const startedAt = performance.now();
    const before = group.figures.records;
    await producer.send(
      messages.map(({ partition, key, value, headers }) => ({
        topic,
        partition,
        key: String(key),
        value,
        ...(headers === undefined ? {} : { headers }),
      })),
    );
    for (const { partition, offset } of messages) this.#next.set(partition, offset + 1);
    this.#keep({ reader });
    this.figures.moved += messages.length;
    this.#lookWaiting(reader, topicName(settings, 'backlog'));
    while (group.figures.records - before < messages.length && performance.now() - startedAt < WORKED_ON_MS) {
      if (this.#signal.aborted) return;
      await this.#pause(5);
    }
    await this.#pause(((performance.now() - startedAt) * (1 - share)) / share);
  }

  #lookWaiting(reader: KafkaConsumer, topic: string): void {
    let waiting = 0;
    for (const [partition, next] of this.#next) {
      const { highOffset } = attempt('ask how long the backlog is', () => reader.getWatermarkOffsets(topic, partition));
      waiting += Math.max(0, highOffset - next);
    }
    this.figures.waiting = waiting;
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#signal }).catch((stopped: unknown) => stopped);
  }
}

export function startBacklogMover(options: BacklogMoverOptions): BacklogMover {
  const closing = new AbortController();
  const mover = new Mover(options, closing.signal);
  const running = mover.run().catch((error: unknown) => {
    options.onTrouble(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    figures: mover.figures,
    async close() {
      closing.abort();
      await running;
    },
  };
}
