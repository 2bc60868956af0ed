/**
 * Messages of one partition between two offsets, by a consumer of its own that belongs to no group: what a take-over,
 * a rewind or an export reads.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaConsumer, Message } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { settle } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  /** Not included; absent = everything that is committed now. */
  readonly toOffset?: number;
}

const ASK_MS = 10_000;
const AT_ONCE = 1_000;
/** Per message, as the client counts it: short, or a nearly empty topic takes a minute for a batch. */
const CONSUME_MS = 25;
/** Nothing came for that long although there should be something: the server hangs. */
const PATIENCE_MS = 30_000;

async function openReader(module: KafkaModule, settings: KafkaSettings): Promise<KafkaConsumer> {
  const consumer = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'reader'),
      // Required by the client; nothing is ever committed under it.
      'group.id': `${settings.prefix}readers`,
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed',
      'fetch.message.max.bytes': MOST_BYTES,
      'queued.max.messages.kbytes': 16_384,
      'fetch.queue.backoff.ms': 50,
      'fetch.wait.max.ms': 50,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  consumer.setDefaultConsumeTimeout(CONSUME_MS);
  await connectConsumer(consumer);
  return consumer;
}

interface Watermarks {
  readonly lowOffset: number;
  readonly highOffset: number;
}

/** Passing, while a broker comes back: the client does not know yet who leads a partition. */
const NOT_KNOWN_YET: ReadonlySet<number> = new Set([-190, 3, 5, 6]);
const ATTEMPTS = 20;
const ATTEMPT_MS = 250;

/**
 * First offset that is kept, and the offset behind the last message that this client may see.
 * @throws UnavailableError
 */
export async function watermarks(
  client: Pick<KafkaConsumer, 'queryWatermarkOffsets'>,
  topic: string,
  partition: number,
): Promise<Watermarks> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await settle<Watermarks>(`ask how far ${topic} is`, (done) => {
        client.queryWatermarkOffsets(topic, partition, ASK_MS, done);
      });
    } catch (error) {
      const { code } = (error as { cause?: { code?: number } }).cause ?? {};
      if (attempt === ATTEMPTS || code === undefined || !NOT_KNOWN_YET.has(code)) throw error;
      await pause(ATTEMPT_MS);
    }
  }
}

/**
 * In order, in batches. Ends at `toOffset` or, without it, at the last message that is committed; offsets of aborted
 * messages and of those that were compacted away are simply not there.
 * @throws UnavailableError where Kafka does not answer
 */
export async function* readRange(
  module: KafkaModule,
  settings: KafkaSettings,
  { topic, partition, fromOffset, toOffset = Number.POSITIVE_INFINITY }: Range,
): AsyncGenerator<readonly Message[]> {
  if (fromOffset >= toOffset) return;
  const consumer = await openReader(module, settings);
  let isAtEnd = false;
  consumer.on('partition.eof', () => {
    isAtEnd = true;
  });
  try {
    const { lowOffset } = await watermarks(consumer, topic, partition);
    consumer.assign([{ topic, partition, offset: Math.max(fromOffset, lowOffset) }]);
    let heardAt = performance.now();
    for (;;) {
      // Asked before: what comes with the batch that reports the end still belongs to it.
      const wasAtEnd = isAtEnd;
      const messages = await settle<Message[]>(`read ${topic}`, (done) => {
        consumer.consume(AT_ONCE, done);
      });
      const wanted = messages.filter(({ offset }) => offset < toOffset);
      if (wanted.length > 0) yield wanted;
      if (wanted.length < messages.length || (messages.length === 0 && wasAtEnd)) return;
      if (messages.length > 0) heardAt = performance.now();
      else if (performance.now() - heardAt > PATIENCE_MS)
        throw new UnavailableError(`Kafka sends nothing of ${topic}/${String(partition)}`);
    }
  } finally {
    await closeConsumer(consumer);
  }
}
