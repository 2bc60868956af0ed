/** The connection of a follower, and where in each partition it begins. */
import type { KafkaConsumer } from 'node-rdkafka';
import { ConfigError } from '../../contracts/errors.ts';
import { beginOf, type FollowerPlace, type MissedMessages } from './follower-place.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { watermarks } from './read-range.ts';
import { MOST_BYTES } from './topics.ts';

export interface FollowedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Buffer;
  /** When it was written, epoch ms. */
  readonly timestamp: number;
  /** Traces that it goes on for. */
  readonly traces?: readonly string[];
}

export interface FollowerOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** For the broker's log. */
  readonly name: string;
  readonly places: readonly FollowerPlace[];
  /**
   * Stores a batch, in the order of each partition. Where it throws `UnavailableError` or `CannotWriteError` it is given
   * the same again after a pause; anything else ends the following.
   */
  readonly take: (messages: readonly FollowedMessage[]) => Promise<void>;
  readonly onMissed?: (missed: MissedMessages) => void;
  /** Why it does not go on now; undefined once it does. */
  readonly onTrouble?: (error: Error | undefined) => void;
}

/** Per message, as the client counts it; after the end of a partition it no longer waits. */
const CONSUME_MS = 20;

/** A partition on its way. */
export interface Followed {
  readonly place: FollowerPlace;
  /** The last message that was taken before is still to be looked at. */
  looksAtLast: boolean;
  position: number;
  /** The end as it was seen last, where nothing came since. */
  endedAt: number | undefined;
  /** The end of when it began was reached. */
  wasAtEnd: boolean;
  readonly firstEnd: number;
  /** When the last message that is stored was written. */
  storedAt: number | null;
}

/** Fetches as much as is bounded by its queue, however slowly it is asked. */
export function consumerOf({ module, settings, name }: FollowerOptions): KafkaConsumer {
  const consumer = new module.KafkaConsumer(
    {
      ...clientConfig(settings, name),
      // Required by the client; nothing is ever committed under it.
      'group.id': `${settings.prefix}readers`,
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed',
      'fetch.message.max.bytes': MOST_BYTES,
      'queued.max.messages.kbytes': 32_768,
      'queued.min.messages': 10_000,
      'fetch.queue.backoff.ms': 50,
      'fetch.wait.max.ms': 100,
    },
    { 'auto.offset.reset': 'error' },
  );
  consumer.setDefaultConsumeTimeout(CONSUME_MS);
  return consumer;
}

/** @throws ConfigError with every partition that cannot be gone on with, UnavailableError */
export async function begin(
  consumer: KafkaConsumer,
  { places, onMissed }: FollowerOptions,
): Promise<readonly Followed[]> {
  const kept = await Promise.all(places.map(({ topic, partition }) => watermarks(consumer, topic, partition)));
  const problems: string[] = [];
  const followed = places.flatMap((place, i): Followed[] => {
    const found = kept[i];
    if (found === undefined) return [];
    try {
      const { offset, looksAtLast, missed } = beginOf(place, found);
      if (missed !== undefined) onMissed?.(missed);
      const position = looksAtLast ? place.next : offset;
      const [firstEnd, wasAtEnd] = [found.highOffset, false];
      return [{ place, looksAtLast, position, endedAt: undefined, wasAtEnd, firstEnd, storedAt: null }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return followed;
}
