/**
 * Whether anybody took in reports just now. Every ingest process writes a tick into each partition every ten seconds; a
 * partition without one that is young had no intake: silence in it is nobody's fault but ours. Other records do not tell:
 * people enter orders, and detectors move what came late, also while no device is heard.
 */
import type { KafkaConsumer, TopicPartitionOffset } from 'node-rdkafka';
import { followWith, lastOf, openFollowing, type Place } from './follow-topic.ts';
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

/** Calls back with each record from the places on; ends when `isDone` says so of each partition, or at its end. */
async function look(
  consumer: KafkaConsumer,
  places: readonly Place[],
  see: (partition: number, record: { readonly kind: string; readonly received: number; readonly restarted?: true }) => boolean,
): Promise<void> {
  const left = new Set(places.map(({ partition }) => partition));
  if (left.size === 0) return;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const leave = (partition: number): void => {
    left.delete(partition);
    if (left.size === 0) finish();
  };
  const follower = followWith(consumer, {
    places,
    take: ({ value, key, offset, partition }) => {
      if (value === null || !left.has(partition)) return;
      if (see(partition, decodeRecord(value, String(key ?? ''), offset))) leave(partition);
    },
    atEnd: leave,
  });
  try {
    await Promise.race([finished, follower.toEnd(), follower.failed.then((error) => Promise.reject(error))]);
  } finally {
    await follower.close();
  }
}

async function youngPlaces(consumer: KafkaConsumer, { settings }: Asked, since: number): Promise<readonly Place[]> {
  const found = await settle<TopicPartitionOffset[]>('ask what is young', (done) => {
    consumer.offsetsForTimes(allPlaces(settings, since), ASK_MS, done);
  });
  return found.filter(({ offset }) => offset > NOTHING);
}

async function isEmpty(consumer: KafkaConsumer, settings: KafkaSettings, partition: number): Promise<boolean> {
  const { lowOffset, highOffset } = await watermarks(consumer, topicName(settings, 'log'), partition);
  return lowOffset === highOffset;
}

/**
 * Partitions in which something stands, but no tick of ingest that is younger than {@link GAP_MS}.
 * @param now receiver's clock, epoch ms
 * @throws UnavailableError where Kafka does not answer
 */
export async function partitionsWithoutIntake(asked: Asked, now: number): Promise<readonly number[]> {
  const { settings } = asked;
  const consumer = await openFollowing({ ...asked, uncommitted: true });
  const silent = new Set(Array.from({ length: settings.partitions }, (_, partition) => partition));
  const places = await youngPlaces(consumer, asked, now - GAP_MS - SLACK_MS).catch(async (error: unknown) => {
    await followWith(consumer, { places: [], take: () => undefined }).close();
    throw error;
  });
  await Promise.all(
    [...silent].map(async (partition) => {
      if (await isEmpty(consumer, settings, partition)) silent.delete(partition);
    }),
  );
  await look(consumer, places, (partition, { kind, received, restarted }) => {
    const isIntake = kind === 'tick' && restarted !== true && received > now - GAP_MS;
    if (isIntake) silent.delete(partition);
    return isIntake;
  });
  return [...silent];
}

/**
 * The latest receive time at the ends of the partitions; 0 where nothing was ever received.
 * @throws UnavailableError where Kafka does not answer
 */
export async function latestReceived(asked: Asked): Promise<number> {
  const consumer = await openFollowing({ ...asked, uncommitted: true });
  let latest = 0;
  await look(consumer, allPlaces(asked.settings, lastOf(LAST_PLACES)), (_partition, { received }) => {
    latest = Math.max(latest, received);
    return false;
  });
  return latest;
}
