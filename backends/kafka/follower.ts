/**
 * Follows partitions for ever, from given offsets and without a group, and hands what comes to somebody who stores it: a
 * batch at a time, the next one fetched meanwhile, no more. What a transaction has not committed is not seen. A server
 * that goes away, hangs or restarts is waited for.
 */
import type { EofEvent, KafkaConsumer, LibrdKafkaError, Message } from 'node-rdkafka';
import { CannotWriteError, UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { begin, consumerOf, type Followed, type FollowedMessage, type FollowerOptions } from './follower-client.ts';
import { beginOf, expectLast, madeAnew } from './follower-place.ts';
import { watermarks } from './read-range.ts';
import { closeWithin } from './settle.ts';
import { tracesIn } from './trace-headers.ts';

export interface FollowedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Offset behind what was stored. */
  readonly position: number;
  /** Messages behind it, about; 0 where the end was reached. */
  readonly behind: number;
}

export interface Follower {
  /** Resolves when everything is stored that was there when it began. */
  readonly ready: Promise<void>;
  /** Resolves with what ended it. */
  readonly failed: Promise<Error>;
  partitions(): readonly FollowedPartition[];
  /** When the oldest message that is not stored yet was written; null where everything is. */
  oldestUnstoredAt(): number | null;
  close(): Promise<void>;
}

const CLOSE_MS = 3_000;
const AT_ONCE = 1_000;
const REST_MS = 30;
const RETRY_MS = 1_000;
const LOOK_MS = 10_000;
/** The offset to go on from is not there (any more). */
const AUTO_OFFSET_RESET = -140;

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${String(partition)}`;
}

function isPassing(error: unknown): boolean {
  return error instanceof UnavailableError || error instanceof CannotWriteError;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

class RunningFollower implements Follower {
  readonly ready: Promise<void>;
  readonly failed: Promise<Error>;
  readonly #consumer: KafkaConsumer;
  readonly #options: FollowerOptions;
  readonly #followed: ReadonlyMap<string, Followed>;
  #becomeReady: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #isClosed = false;
  #failure: Error | undefined;
  #storing: Promise<void> = Promise.resolve();
  #unstored: readonly FollowedMessage[] = [];
  #running: Promise<void> = Promise.resolve();
  #lookedAt = performance.now();
  readonly #ended: EofEvent[] = [];

  constructor(consumer: KafkaConsumer, options: FollowerOptions, followed: readonly Followed[]) {
    this.#consumer = consumer;
    this.#options = options;
    this.#followed = new Map(followed.map((one) => [keyOf(one.place), one]));
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  start(): void {
    this.#consumer.on('partition.eof', (end) => {
      this.#ended.push(end);
    });
    this.#consumer.assign(
      [...this.#followed.values()].map(({ place: { topic, partition }, position, looksAtLast }) => ({
        topic,
        partition,
        offset: looksAtLast ? position - 1 : position,
      })),
    );
    this.#running = this.#run().catch((error: unknown) => {
      this.#end(toError(error));
    });
  }

  partitions(): readonly FollowedPartition[] {
    return [...this.#followed.values()].map(({ place: { topic, partition }, position, endedAt }) => {
      const high = endedAt === undefined ? this.#consumer.getWatermarkOffsets(topic, partition).highOffset : position;
      return { topic, partition, position, behind: Math.max(0, high - position) };
    });
  }

  oldestUnstoredAt(): number | null {
    const times = this.#unstored.map(({ timestamp }) => timestamp);
    // Something stands there and was not fetched yet: it is younger than what was stored last.
    for (const { endedAt, storedAt } of this.#followed.values())
      if (endedAt === undefined && storedAt !== null) times.push(storedAt);
    return times.length === 0 ? null : times.reduce((oldest, time) => Math.min(oldest, time));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // What is being asked of a server that hangs is not waited for.
    await closeWithin(CLOSE_MS, (done) => void this.#running.then(done));
    await this.#storing;
    await closeConsumer(this.#consumer);
  }

  #end(error: Error): void {
    this.#failure ??= error;
    this.#fail(this.#failure);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed && this.#failure === undefined) {
      const messages = await this.#consume();
      const ends = this.#ended.splice(0);
      // The batch before has to be stored first: that is what bounds how much is held.
      await this.#storing;
      if (messages.length > 0 || ends.length > 0) this.#storing = this.#store(this.#toTake(messages), ends);
      if (performance.now() - this.#lookedAt > LOOK_MS) await this.#lookAgain();
    }
    await this.#storing;
  }

  #consume(): Promise<readonly Message[]> {
    return new Promise((resolve, reject) => {
      this.#consumer.consume(AT_ONCE, (error: LibrdKafkaError | null, messages) => {
        if (error === null) resolve(messages);
        else if (error.isFatal === true) reject(new UnavailableError(`Kafka refused this reader: ${error.message}`));
        else if (error.code === AUTO_OFFSET_RESET) resolve(this.#lookAgain());
        // The client comes back by itself.
        else setTimeout(resolve, REST_MS, []);
      });
    });
  }

  /** Without the one that was taken before, which is only looked at. @throws ConfigError where it is another */
  #toTake(messages: readonly Message[]): readonly FollowedMessage[] {
    return messages.flatMap(({ topic, partition, offset, value, timestamp, headers }) => {
      const traces = headers === undefined ? {} : { traces: tracesIn({ headers }) };
      const place = { topic, partition, offset };
      const message = { ...place, value: value ?? Buffer.alloc(0), timestamp: timestamp ?? 0, ...traces };
      const followed = this.#followed.get(keyOf(message));
      if (followed === undefined) return [];
      if (!followed.looksAtLast) return [message];
      expectLast(followed.place, message);
      followed.looksAtLast = false;
      followed.storedAt = message.timestamp;
      return [];
    });
  }

  async #store(messages: readonly FollowedMessage[], ends: readonly EofEvent[]): Promise<void> {
    this.#unstored = messages;
    for (const message of messages) {
      const followed = this.#followed.get(keyOf(message));
      if (followed !== undefined) followed.endedAt = undefined;
    }
    try {
      if (messages.length > 0) await this.#take(messages);
      if (this.#isClosed) return;
      this.#unstored = [];
      for (const message of messages) this.#moveOn(message);
      for (const end of ends) this.#noteEnd(end);
      if ([...this.#followed.values()].every(({ wasAtEnd }) => wasAtEnd)) this.#becomeReady();
    } catch (error) {
      this.#end(toError(error));
    }
  }

  async #take(messages: readonly FollowedMessage[]): Promise<void> {
    const { take, onTrouble } = this.#options;
    let wasTroubled = false;
    while (!this.#isClosed) {
      try {
        await take(messages);
        if (wasTroubled) onTrouble?.(undefined);
        return;
      } catch (error) {
        if (!isPassing(error)) throw error;
        wasTroubled = true;
        onTrouble?.(toError(error));
        await new Promise((resolve) => {
          setTimeout(resolve, RETRY_MS);
        });
      }
    }
  }

  #moveOn({ topic, partition, offset, timestamp }: FollowedMessage): void {
    const followed = this.#followed.get(keyOf({ topic, partition }));
    if (followed === undefined) return;
    followed.position = offset + 1;
    followed.storedAt = timestamp;
    followed.wasAtEnd ||= followed.position >= followed.firstEnd;
  }

  /** Behind the last message there may be marks of transactions: the end is where the server says. */
  #noteEnd({ topic, partition, offset }: EofEvent): void {
    const followed = this.#followed.get(keyOf({ topic, partition }));
    if (followed === undefined || offset < followed.position) return;
    if (followed.looksAtLast) throw madeAnew(followed.place, 'the message before that is gone');
    followed.endedAt = offset;
    followed.wasAtEnd = true;
  }

  /** Whether what was to come next has been removed: the client may keep that to itself. */
  async #lookAgain(): Promise<readonly Message[]> {
    this.#lookedAt = performance.now();
    const waiting = [...this.#followed.values()].filter(({ endedAt }) => endedAt === undefined);
    for (const { place, position } of waiting) {
      const kept = await watermarks(this.#consumer, place.topic, place.partition).catch((error: unknown) => {
        if (error instanceof UnavailableError) return undefined;
        throw error;
      });
      if (kept === undefined) break;
      // A start passes over what may be missed.
      if (beginOf({ ...place, next: position }, kept).missed !== undefined)
        throw new UnavailableError(`what came next of ${keyOf(place)} was removed before it was copied; start again`);
    }
    return [];
  }
}

/**
 * @throws UnavailableError where no broker answers
 * @throws ConfigError where a topic is not the one that was followed before, or no longer has what comes next
 */
export async function openFollower(options: FollowerOptions): Promise<Follower> {
  const consumer = consumerOf(options);
  await connectConsumer(consumer);
  try {
    const follower = new RunningFollower(consumer, options, await begin(consumer, options));
    follower.start();
    return follower;
  } catch (error) {
    await closeConsumer(consumer);
    throw error;
  }
}
