/**
 * Reads partitions from a place on, for ever, by a consumer that belongs to no group: what every process has to know,
 * such as credentials and the registry. What a transaction has not committed is not seen.
 */
import type { KafkaConsumer, LibrdKafkaError, Message } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { watermarks } from './read-range.ts';
import { closeWithin, settle } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
  /** Where to begin; {@link lastOf} = so many before the end. */
  readonly offset: number;
}

/** As the client takes it: so many messages before the end. */
export const lastOf = (messages: number): number => -2_000 - messages;

export interface FollowOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly places: readonly Place[];
  /** Also what is not committed, or will never be. */
  readonly uncommitted?: true;
  /** Each message, in the order of its partition. What it throws ends the following. */
  readonly take: (message: Message) => void;
  /** The end of a partition was reached; again each time something came. */
  readonly atEnd?: (partition: number) => void;
}

export interface Follower {
  /**
   * Resolves when everything that is committed now was taken.
   * @throws UnavailableError where Kafka does not answer in time
   */
  toEnd(): Promise<void>;
  /** Resolves with what ended it: thrown by `take`, or a fault of the client for good. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

const CONNECT_MS = 15_000;
const TO_END_MS = 20_000;
const AT_ONCE = 500;
/** Per message, as the client counts it; holds a thread of the pool while it waits. */
const CONSUME_MS = 10;
/** Between two looks where nothing came: how late news are, at most. */
const REST_MS = 100;
const CLOSE_MS = 3_000;

function consumerOf({ module, settings, uncommitted }: Omit<FollowOptions, 'places' | 'take'>): KafkaConsumer {
  const consumer = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'follower'),
      // Required by the client; nothing is ever committed under it.
      'group.id': `${settings.prefix}readers`,
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': uncommitted === true ? 'read_uncommitted' : 'read_committed',
      'fetch.message.max.bytes': MOST_BYTES,
      'queued.max.messages.kbytes': 16_384,
      'fetch.queue.backoff.ms': 50,
      'fetch.wait.max.ms': 100,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  consumer.setDefaultConsumeTimeout(CONSUME_MS);
  return consumer;
}

interface Waiting {
  readonly ends: ReadonlyMap<string, number>;
  readonly resolve: () => void;
}

class TopicFollower implements Follower {
  readonly failed: Promise<Error>;
  readonly #consumer: KafkaConsumer;
  readonly #options: Pick<FollowOptions, 'places' | 'take' | 'atEnd'>;
  #fail: (error: Error) => void = () => undefined;
  /** Offset up to which each partition was taken. */
  readonly #taken = new Map<string, number>();
  #waiting: Waiting[] = [];
  #isClosed = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(consumer: KafkaConsumer, options: Pick<FollowOptions, 'places' | 'take' | 'atEnd'>) {
    this.#consumer = consumer;
    this.#options = options;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  start(): void {
    this.#consumer.assign([...this.#options.places]);
    this.#running = this.#run().catch((error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async toEnd(): Promise<void> {
    const { places } = this.#options;
    const found = await Promise.all(places.map(({ topic, partition }) => watermarks(this.#consumer, topic, partition)));
    const ends = new Map(places.map((place, index) => [nameOf(place), found[index]?.highOffset ?? 0]));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new UnavailableError(`Kafka sends nothing of ${places[0]?.topic ?? ''}`));
      }, TO_END_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push({ ends, resolve: done });
      this.#tell();
      this.#wake();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake();
    await this.#running;
    await closeWithin(CLOSE_MS, (done) => {
      this.#consumer.disconnect(done);
    });
  }

  async #run(): Promise<void> {
    const ends: Place[] = [];
    this.#consumer.on('partition.eof', (place) => {
      ends.push(place);
    });
    while (!this.#isClosed) {
      const messages = await this.#consume();
      for (const message of messages) {
        this.#options.take(message);
        this.#taken.set(nameOf(message), message.offset + 1);
      }
      for (const place of ends.splice(0)) {
        this.#taken.set(nameOf(place), place.offset);
        this.#options.atEnd?.(place.partition);
      }
      this.#tell();
      if (messages.length === 0) await this.#rest();
    }
  }

  /** A server that is away gives no messages; the client comes back by itself. */
  #consume(): Promise<readonly Message[]> {
    return new Promise((resolve, reject) => {
      this.#consumer.consume(AT_ONCE, (error: LibrdKafkaError | null, messages) => {
        if (error?.isFatal === true) reject(error);
        else resolve(error === null ? messages : []);
      });
    });
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, REST_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(): void {
    const reached = ({ ends }: Waiting): boolean =>
      [...ends].every(([name, end]) => (this.#taken.get(name) ?? -1) >= end);
    for (const waiting of this.#waiting.filter(reached)) waiting.resolve();
    this.#waiting = this.#waiting.filter((waiting) => !reached(waiting));
  }
}

function nameOf({ topic, partition }: Omit<Place, 'offset'>): string {
  return `${topic}/${String(partition)}`;
}

/** @throws UnavailableError where no broker answers */
export async function openFollowing(options: Omit<FollowOptions, 'places' | 'take'>): Promise<KafkaConsumer> {
  const consumer = consumerOf(options);
  // What goes wrong between tries: the client tries again by itself.
  consumer.on('event.error', () => undefined);
  try {
    await settle<unknown>('connect', (done) => {
      consumer.connect({ timeout: CONNECT_MS }, done);
    });
    return consumer;
  } catch (error) {
    await closeWithin(CLOSE_MS, (done) => {
      consumer.disconnect(done);
    });
    throw error;
  }
}

/** Follows with a consumer that is connected; closes it at the end. */
export function followWith(consumer: KafkaConsumer, options: Pick<FollowOptions, 'places' | 'take' | 'atEnd'>): Follower {
  const follower = new TopicFollower(consumer, options);
  follower.start();
  return follower;
}

/** @throws UnavailableError where no broker answers */
export async function followTopic(options: FollowOptions): Promise<Follower> {
  return followWith(await openFollowing(options), options);
}
