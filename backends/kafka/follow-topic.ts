/**
 * Reads partitions from a place on, for ever, by a consumer that belongs to no group: what every process has to know,
 * such as credentials and the registry. What a transaction has not committed is not seen.
 */
import type { KafkaConsumer, LibrdKafkaError, Message } from 'node-rdkafka';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { watermarks } from './read-range.ts';
import { MOST_BYTES } from './topics.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
  /** Where to begin; {@link lastOf} = so many before the end. */
  readonly offset: number;
}

/** As the client takes it: so many messages before the end. */
export const lastOf = (messages: number): number => -2_000 - messages;

/** What is read, and who is told. */
export interface Wanted {
  readonly places: readonly Place[];
  /** Each message, in the order of its partition. What it throws ends the following. */
  readonly take: (message: Message) => void;
  /** The end of a partition was reached; again each time something came. */
  readonly atEnd?: (partition: number) => void;
}

export interface FollowOptions extends Wanted {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Also what is not committed, or will never be. */
  readonly uncommitted?: true;
}

export interface Follower {
  /**
   * Resolves when everything was taken that anybody was told is committed: also what Kafka has confirmed and not marked
   * yet. Waits for the end of a transaction that is under way.
   * @throws UnavailableError where Kafka does not answer in time
   */
  toEnd(): Promise<void>;
  /** Resolves with what ended it: thrown by `take`, or a fault of the client for good. */
  readonly failed: Promise<Error>;
  /** Reads nothing more; the connection stays. */
  stop(): Promise<void>;
  /** Stops and closes the connection. */
  close(): Promise<void>;
}

const TO_END_MS = 20_000;
const AT_ONCE = 500;
/** Per message, as the client counts it; holds a thread of the pool while it waits. */
const CONSUME_MS = 10;
/** Between two looks where nothing came: how late news are, at most. */
const REST_MS = 100;

function consumerOf({
  module,
  settings,
  uncommitted,
}: Pick<FollowOptions, 'module' | 'settings' | 'uncommitted'>): KafkaConsumer {
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
  readonly settle: (failure?: Error) => void;
}

class TopicFollower implements Follower {
  readonly failed: Promise<Error>;
  readonly #consumer: KafkaConsumer;
  /** Sees where partitions end, with what is under way. */
  readonly #looking: KafkaConsumer;
  readonly #options: Wanted;
  #fail: (error: Error) => void = () => undefined;
  /** Offset up to which each partition was taken. */
  readonly #taken = new Map<string, number>();
  #waiting: Waiting[] = [];
  #isStopped = false;
  #closing: Promise<unknown> | undefined;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(consumer: KafkaConsumer, looking: KafkaConsumer, options: Wanted) {
    this.#consumer = consumer;
    this.#looking = looking;
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
    if (this.#isStopped) throw new UnavailableError('nothing is read any more');
    const { places } = this.#options;
    const found = await Promise.all(places.map(({ topic, partition }) => watermarks(this.#looking, topic, partition)));
    const ends = new Map(places.map((place, index) => [nameOf(place), found[index]?.highOffset ?? 0]));
    await new Promise<void>((resolve, reject) => {
      const settleOnce = (failure?: Error): void => {
        clearTimeout(timer);
        if (failure === undefined) resolve();
        else reject(failure);
      };
      const timer = setTimeout(() => {
        settleOnce(new UnavailableError(`Kafka sends nothing of ${places[0]?.topic ?? ''}`));
      }, TO_END_MS);
      this.#waiting.push({ ends, settle: settleOnce });
      this.#tell();
      this.#wake();
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#running;
    for (const { settle: end } of this.#waiting.splice(0)) end(new UnavailableError('nothing is read any more'));
  }

  async close(): Promise<void> {
    // Closing twice is known to crash the client.
    this.#closing ??= this.stop().then(() => Promise.all([...this.#consumers()].map((one) => closeConsumer(one))));
    await this.#closing;
  }

  #consumers(): ReadonlySet<KafkaConsumer> {
    return new Set([this.#consumer, this.#looking]);
  }

  async #run(): Promise<void> {
    const ends: Place[] = [];
    this.#consumer.on('partition.eof', (place) => {
      ends.push(place);
    });
    while (!this.#isStopped) {
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
        if (error?.isFatal === true) reject(new InvariantError(`Kafka, follow: ${error.message}`, { cause: error }));
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
    for (const waiting of this.#waiting.filter(reached)) waiting.settle();
    this.#waiting = this.#waiting.filter((waiting) => !reached(waiting));
  }
}

function nameOf({ topic, partition }: Omit<Place, 'offset'>): string {
  return `${topic}/${String(partition)}`;
}

/** A connected consumer of no group. @throws UnavailableError where no broker answers */
export async function openConsumer(
  options: Pick<FollowOptions, 'module' | 'settings' | 'uncommitted'>,
): Promise<KafkaConsumer> {
  const consumer = consumerOf(options);
  await connectConsumer(consumer);
  return consumer;
}

/** Follows with a consumer that is connected and follows nothing else. @param looking sees also what is not committed */
export function followWith(consumer: KafkaConsumer, wanted: Wanted, looking = consumer): Follower {
  const follower = new TopicFollower(consumer, looking, wanted);
  follower.start();
  return follower;
}

/** @throws UnavailableError where no broker answers */
export async function followTopic(options: FollowOptions): Promise<Follower> {
  const consumer = await openConsumer(options);
  try {
    const looking = options.uncommitted === true ? consumer : await openConsumer({ ...options, uncommitted: true });
    return followWith(consumer, options, looking);
  } catch (error) {
    await closeConsumer(consumer);
    throw error;
  }
}
