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
import { attempt, settle } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  /** Not included; absent = everything that is committed now. */
  readonly toOffset?: number;
  /** All of it is needed: what is no longer kept is an error; else reading begins with what is. */
  readonly isWhole?: true;
  /** How far it is known to reach: an end before that is not taken for one. */
  readonly reaches?: number;
}

/** Retention has removed some of what was to be read: half of it would be taken for all of it. */
export class RemovedError extends UnavailableError {}

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
  client: Pick<KafkaConsumer, 'queryWatermarkOffsets' | 'getMetadata'>,
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
      // Asked anew: the client goes on saying for half a minute what it once heard of a topic that was not there yet.
      await settle<unknown>(`look for ${topic}`, (done) => {
        client.getMetadata({ timeout: ASK_MS }, done);
      });
    }
  }
}

/** @throws RemovedError where what stands from an offset on is no longer kept, and is needed */
function expectKept({ topic, partition, isWhole }: Range, from: number, { lowOffset }: Watermarks): void {
  if (isWhole !== true || lowOffset <= from) return;
  throw new RemovedError(
    `partition ${String(partition)} of ${topic}: what stood from ${String(from)} to ${String(lowOffset)} is needed, and is ` +
      'no longer kept: its retention has removed it',
  );
}

/** The first place before `to` at which nothing came: it may be the end of a transaction, or was removed meanwhile. */
function firstMissing(messages: readonly Message[], from: number, to: number): number | undefined {
  let next = from;
  for (const { offset } of messages) {
    if (next >= to) return undefined;
    if (offset > next) return next;
    next = offset + 1;
  }
  return undefined;
}

/** What the client gives, up to the end of the partition. */
async function* readOn(
  consumer: KafkaConsumer,
  { topic, partition, reaches = 0 }: Range,
): AsyncGenerator<readonly Message[]> {
  let isAtEnd = false;
  consumer.on('partition.eof', ({ offset }) => {
    // A broker that has just become the leader may not know yet how far the one before was.
    isAtEnd = offset >= reaches;
  });
  let heardAt = performance.now();
  for (;;) {
    // Asked before: what comes with the batch that reports the end still belongs to it.
    const wasAtEnd = isAtEnd;
    const messages = await settle<Message[]>(`read ${topic}`, (done) => {
      consumer.consume(AT_ONCE, done);
    });
    if (messages.length > 0) {
      yield messages;
      heardAt = performance.now();
    } else if (wasAtEnd) return;
    else if (performance.now() - heardAt > PATIENCE_MS)
      throw new UnavailableError(`Kafka sends nothing of ${topic}/${String(partition)}`);
  }
}

/**
 * In order, in batches. Ends at `toOffset` or, without it, at the last message that is committed; offsets of aborted
 * messages and of those that were compacted away are simply not there.
 * @throws UnavailableError where Kafka does not answer, RemovedError
 */
export async function* readRange(
  module: KafkaModule,
  settings: KafkaSettings,
  range: Range,
): AsyncGenerator<readonly Message[]> {
  const { topic, partition, fromOffset, toOffset = Number.POSITIVE_INFINITY } = range;
  if (fromOffset >= toOffset) return;
  const consumer = await openReader(module, settings);
  try {
    const kept = await watermarks(consumer, topic, partition);
    expectKept(range, fromOffset, kept);
    let next = Math.max(fromOffset, kept.lowOffset);
    attempt(`read ${topic}`, () => consumer.assign([{ topic, partition, offset: next }]));
    for await (const messages of readOn(consumer, range)) {
      const missing = range.isWhole === true ? firstMissing(messages, next, toOffset) : undefined;
      if (missing !== undefined) expectKept(range, missing, await watermarks(consumer, topic, partition));
      const wanted = messages.filter(({ offset }) => offset < toOffset);
      if (wanted.length > 0) yield wanted;
      if (wanted.length < messages.length) return;
      next = (wanted.at(-1)?.offset ?? next) + 1;
    }
    if (range.isWhole === true && next < toOffset)
      expectKept(range, next, await watermarks(consumer, topic, partition));
  } finally {
    await closeConsumer(consumer);
  }
}
