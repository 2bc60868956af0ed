/**
 * Messages whose sender waits until Kafka has them on all replicas in sync. One connection, idempotent: what the client
 * repeats by itself arrives once and in order.
 */
import type { DeliveryReport, LibrdKafkaError, MessageHeader, Producer } from 'node-rdkafka';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { withReason } from './name-reason.ts';
import { closeProducer } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface OutgoingMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers?: MessageHeader[];
}

export interface DurableProducer {
  /**
   * Resolves when all of them are durable.
   * @throws UnavailableError where one of them may not be; some of the others may be
   */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Resolves with the error after which this producer can do nothing more. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** A delivery that was not confirmed until then is reported as failed; the device sends it again. */
const DELIVERY_MS = 30_000;
const CONNECT_MS = 15_000;
const CLOSE_MS = 4_000;
const QUEUE_FULL = -184;

const TOPIC_CONFIG = { 'request.required.acks': -1, 'message.timeout.ms': DELIVERY_MS };

/** Why a message may not be durable. */
type Failure = Pick<LibrdKafkaError, 'message'>;

interface Batch {
  left: number;
  failure: Failure | undefined;
  readonly settle: (failure: Failure | undefined) => void;
}

function producerConfig(settings: KafkaSettings, name: string): ConstructorParameters<KafkaModule['Producer']>[0] {
  return {
    ...clientConfig(settings, name),
    'enable.idempotence': true,
    'message.max.bytes': MOST_BYTES,
    // Groups come from the caller; waiting longer only delays the acknowledgement.
    'linger.ms': 2,
    'compression.codec': 'lz4',
    'queue.buffering.max.messages': 200_000,
    'queue.buffering.max.kbytes': 131_072,
    dr_cb: true,
  };
}

/** Batches under way. What is passed through the client is only their number: an object there is leaked when it throws. */
class Deliveries {
  readonly #batches = new Map<number, Batch>();
  #last = 0;

  begin(count: number, settle: Batch['settle']): number {
    this.#last += 1;
    this.#batches.set(this.#last, { left: count, failure: undefined, settle });
    return this.#last;
  }

  report(id: number, failure: Failure | undefined, count = 1): void {
    const batch = this.#batches.get(id);
    if (batch === undefined) return;
    batch.left -= count;
    batch.failure ??= failure;
    if (batch.left > 0) return;
    this.#batches.delete(id);
    batch.settle(batch.failure);
  }

  failAll(failure: Failure): void {
    for (const [id, batch] of this.#batches) this.report(id, failure, batch.left);
  }
}

function connect(producer: Producer, { brokers }: KafkaSettings): Promise<void> {
  const connected = new Promise<void>((resolve, reject) => {
    producer.connect({ timeout: CONNECT_MS }, (error: LibrdKafkaError | null) => {
      if (error === null) resolve();
      else reject(new UnavailableError(`Kafka at ${brokers} does not answer: ${error.message}`));
    });
  });
  return withReason(producer, () => connected);
}

function produceAll(
  producer: Producer,
  deliveries: Deliveries,
  messages: readonly OutgoingMessage[],
  id: number,
): void {
  for (const [index, { topic, partition, key, value, headers }] of messages.entries()) {
    try {
      producer.produce(topic, partition, value, key, null, id, headers);
    } catch (error) {
      const failure = error as LibrdKafkaError;
      // What was delivered meanwhile makes room for the next batch.
      if (failure.code === QUEUE_FULL) producer.poll();
      deliveries.report(id, failure, messages.length - index);
      return;
    }
  }
}

/** What went wrong for good, once. */
function watchFailure(producer: Producer, deliveries: Deliveries): Promise<Error> {
  return new Promise((resolve) => {
    producer.on('event.error', (error) => {
      if (error.isFatal !== true) return;
      deliveries.failAll(error);
      resolve(new InvariantError(`Kafka refused this producer for good: ${error.message}`));
    });
  });
}

/** @throws UnavailableError where no broker answers */
export async function openDurableProducer(
  module: KafkaModule,
  settings: KafkaSettings,
  name: string,
): Promise<DurableProducer> {
  const producer = new module.Producer(producerConfig(settings, name), TOPIC_CONFIG);
  const deliveries = new Deliveries();
  let isClosed = false;
  producer.on('delivery-report', (error: LibrdKafkaError | null, { opaque }: DeliveryReport) => {
    deliveries.report(opaque as number, error ?? undefined);
  });
  const failed = watchFailure(producer, deliveries);
  await connect(producer, settings);
  producer.setPollInterval(5);
  return {
    async send(messages) {
      if (isClosed) throw new UnavailableError('the connection to Kafka is closed');
      if (messages.length === 0) return;
      const failure = await new Promise<Failure | undefined>((settle) => {
        produceAll(producer, deliveries, messages, deliveries.begin(messages.length, settle));
      });
      if (failure !== undefined) throw new UnavailableError(`Kafka did not confirm: ${failure.message}`);
    },
    failed,
    async close() {
      isClosed = true;
      // Where the server hangs the client would wait for ever; what it holds goes with the process.
      await closeProducer(producer, CLOSE_MS);
      deliveries.failAll({ message: 'the connection was closed before it did' });
    },
  };
}
