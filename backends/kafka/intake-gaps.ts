/**
 * Whether anybody took in reports just now. Every ingest process writes a tick into each partition every ten seconds; a
 * partition without one that is young had no intake: silence in it is nobody's fault but ours. Other records do not tell:
 * people enter orders, and detectors move what came late, also while no device is heard.
 */
import type { KafkaConsumer, Message, TopicPartitionOffset } from 'node-rdkafka';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry, TickRecord } from '../../contracts/log-record.ts';
import { closeConsumer } from './connect-consumer.ts';
import { followWith, lastOf, openConsumer, type Place } from './follow-topic.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { watermarks } from './read-range.ts';
import { decodeRecord } from './record-wire.ts';
import { settle } from './settle.ts';
import { topicName } from './topics.ts';

/** Without a tick for so long a partition had no intake. */
export const GAP_MS = 60_000;
/** Clocks of those who write differ a little. */
const SLACK_MS = 30_000;
const ASK_MS = 10_000;
const PATIENCE_MS = 20_000;
/** Behind the last record there may be ends of transactions, which count as places. */
const LAST_PLACES = 8;
/** What the client answers where nothing is so young: the end. */
const NOTHING = -1;

interface Asked {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
}

function allPlaces(settings: KafkaSettings, offset: number): Place[] {
  const topic = topicName(settings, 'log');
  return Array.from({ length: settings.partitions }, (_, partition) => ({ topic, partition, offset }));
}

/** What is looked for in a record. */
type Seen = Pick<TickRecord, 'received' | 'restarted'> & { readonly kind: LogEntry['kind'] };

/** What strangers wrote is none. */
function recordIn({ value, key, offset }: Message): Seen | undefined {
  try {
    return value === null ? undefined : decodeRecord(value, String(key ?? ''), offset);
  } catch (error) {
    if (error instanceof InvariantError) return undefined;
    throw error;
  }
}

/** Calls back with each record from the places on, until it says of a partition that this was enough, or to its end. */
async function look(
  consumer: KafkaConsumer,
  places: readonly Place[],
  isEnough: (partition: number, record: Seen) => boolean,
): Promise<void> {
  const left = new Set(places.map(({ partition }) => partition));
  if (left.size === 0) return;
  let finish: (failure?: Error) => void = () => undefined;
  const finished = new Promise<Error | undefined>((resolve) => {
    finish = resolve;
  });
  const timer = setTimeout(() => {
    finish(new UnavailableError('Kafka sends nothing of the log'));
  }, PATIENCE_MS);
  const leave = (partition: number): void => {
    left.delete(partition);
    if (left.size === 0) finish();
  };
  const follower = followWith(consumer, {
    places,
    take: (message) => {
      if (!left.has(message.partition)) return;
      const record = recordIn(message);
      if (record !== undefined && isEnough(message.partition, record)) leave(message.partition);
    },
    atEnd: leave,
  });
  const failure = await Promise.race([finished, follower.failed]);
  clearTimeout(timer);
  await follower.stop();
  if (failure !== undefined) throw failure;
}

async function withConsumer<T>(asked: Asked, use: (consumer: KafkaConsumer) => Promise<T>): Promise<T> {
  const consumer = await openConsumer({ ...asked, uncommitted: true });
  try {
    return await use(consumer);
  } finally {
    await closeConsumer(consumer);
  }
}

/** Where what is younger begins; partitions in which nothing is have no place. */
async function placesSince(consumer: KafkaConsumer, settings: KafkaSettings, since: number): Promise<readonly Place[]> {
  const found = await settle<TopicPartitionOffset[]>('ask what is young', (done) => {
    consumer.offsetsForTimes(allPlaces(settings, since), ASK_MS, done);
  });
  return found.filter(({ offset }) => offset > NOTHING);
}

async function filledPartitions(consumer: KafkaConsumer, settings: KafkaSettings): Promise<Set<number>> {
  const filled = await Promise.all(
    allPlaces(settings, 0).map(async ({ topic, partition }) => {
      const { lowOffset, highOffset } = await watermarks(consumer, topic, partition);
      return lowOffset === highOffset ? [] : [partition];
    }),
  );
  return new Set(filled.flat());
}

/**
 * Partitions in which something stands, but no tick of ingest that is younger than {@link GAP_MS}.
 * @param now receiver's clock, epoch ms
 * @throws UnavailableError where Kafka does not answer
 */
export function partitionsWithoutIntake(asked: Asked, now: number): Promise<readonly number[]> {
  return withConsumer(asked, async (consumer) => {
    const silent = await filledPartitions(consumer, asked.settings);
    const places = await placesSince(consumer, asked.settings, now - GAP_MS - SLACK_MS);
    await look(consumer, places, (partition, { kind, received, restarted }) => {
      const isIntake = kind === 'tick' && restarted !== true && received > now - GAP_MS;
      if (isIntake) silent.delete(partition);
      return isIntake;
    });
    return [...silent].sort((one, other) => one - other);
  });
}

/**
 * The latest receive time at the ends of the partitions; 0 where nothing was ever received.
 * @throws UnavailableError where Kafka does not answer
 */
export function latestReceived(asked: Asked): Promise<number> {
  return withConsumer(asked, async (consumer) => {
    let latest = 0;
    await look(consumer, allPlaces(asked.settings, lastOf(LAST_PLACES)), (_partition, { received }) => {
      latest = Math.max(latest, received);
      return false;
    });
    return latest;
  });
}
