/**
 * Transactions that come one after the other, whichever process makes them: what stands in several partitions stands
 * there in one order. All writers of one name share its transactional id; who begins fences the one before, whose open
 * transaction is then aborted, and who was fenced begins again behind it.
 *
 * After anything unclear the producer is gone for good: a request that is still under way somewhere could otherwise end
 * a later transaction.
 */
import type { LibrdKafkaError, Producer } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { withReason } from './name-reason.ts';
import { closeProducer, settle, waitAtMost } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface SerialWriter {
  /**
   * One transaction with what `prepare` gives; nothing of this name is written by anybody between the two. May be asked
   * again where somebody else came in between.
   * @throws UnavailableError where it may or may not have happened; what `prepare` throws
   */
  write(prepare: () => Promise<readonly OutgoingMessage[]>): Promise<void>;
  close(): Promise<void>;
}

export interface SerialWriterOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Who shares it waits for each other. */
  readonly name: string;
  /** From 0 to below 1; two that fenced each other are not to come back at the same time. */
  readonly random?: () => number;
}

/** The broker ends what was begun and not ended for so long; until then readers wait for a writer that was killed. */
const TRANSACTION_MS = 10_000;
const ANSWER_MS = 8_000;
const CONNECT_MS = 10_000;
const CLOSE_MS = 2_000;
/** Others write as well: how often one begins again behind them. */
const TRIES = 10;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4_000;
/** Of a pause, what is not left to chance: whoever came in between gets the time to end. */
const CERTAIN_PART = 0.25;
/** Fenced by another writer, or forgotten by the broker after days without a transaction. */
const FENCED: ReadonlySet<number> = new Set([-144, 90, 47, 49]);

function clientErrorOf(error: unknown): Partial<LibrdKafkaError> {
  const { cause } = error as { readonly cause?: Partial<LibrdKafkaError> };
  return cause ?? (error as Partial<LibrdKafkaError>);
}

function isFenced(error: unknown): boolean {
  return FENCED.has(clientErrorOf(error).code ?? 0);
}

async function openProducer({ module, settings, name }: SerialWriterOptions): Promise<Producer> {
  const producer = new module.Producer(
    {
      ...clientConfig(settings, name),
      'transactional.id': `${settings.prefix}${name}`,
      'transaction.timeout.ms': TRANSACTION_MS,
      'enable.idempotence': true,
      'message.max.bytes': MOST_BYTES,
      'linger.ms': 2,
      'compression.codec': 'lz4',
    },
    { 'request.required.acks': -1, 'message.timeout.ms': ANSWER_MS - 1_000 },
  );
  // What went wrong is told again by the call that it happened to.
  producer.on('event.error', () => undefined);
  try {
    await withReason(producer, () =>
      settle<unknown>('connect', (done) => {
        producer.connect({ timeout: CONNECT_MS }, done);
      }),
    );
    producer.setPollInterval(1_000);
    await settle('take turns with other writers', (done) => {
      producer.initTransactions(CONNECT_MS, done);
    });
    return producer;
  } catch (error) {
    await closeProducer(producer, CLOSE_MS);
    throw error;
  }
}

function produceAll(producer: Producer, messages: readonly OutgoingMessage[]): void {
  for (const { topic, partition, key, value, headers } of messages) {
    try {
      producer.produce(topic, partition, value, key, undefined, undefined, headers);
    } catch (error) {
      throw new UnavailableError(`Kafka, write: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** What failed before the commit was asked for is undone; the producer can go on where that is certain. */
async function abort(producer: Producer): Promise<boolean> {
  try {
    await settle('abort', (done) => {
      producer.abortTransaction(ANSWER_MS, done);
    });
    return true;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}

class FencingWriter implements SerialWriter {
  readonly #options: SerialWriterOptions;
  #producer: Producer | undefined;
  /** One at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: SerialWriterOptions) {
    this.#options = options;
  }

  write(prepare: () => Promise<readonly OutgoingMessage[]>): Promise<void> {
    const turn = this.#last.then(() => this.#attempts(prepare));
    this.#last = turn.catch((error: unknown) => error);
    return turn;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await waitAtMost(CLOSE_MS, this.#last);
    await this.#drop();
  }

  async #attempts(prepare: () => Promise<readonly OutgoingMessage[]>): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      if (this.#isClosed) throw new UnavailableError('the connection to Kafka is closed');
      try {
        this.#producer ??= await openProducer(this.#options);
        const messages = await prepare();
        if (messages.length > 0) await this.#transaction(this.#producer, messages);
        return;
      } catch (error) {
        if (!isFenced(error)) throw error;
        await this.#drop();
        if (tried === TRIES) throw error;
        await this.#pause(tried);
      }
    }
  }

  /** Longer each time, and for nobody as long as for another: else they would fence each other again. */
  #pause(tried: number): Promise<void> {
    const { random = Math.random } = this.#options;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tried - 1));
    return new Promise((resolve) => {
      setTimeout(resolve, longest * (CERTAIN_PART + (1 - CERTAIN_PART) * random()));
    });
  }

  async #transaction(producer: Producer, messages: readonly OutgoingMessage[]): Promise<void> {
    let isAskedToCommit = false;
    try {
      await settle('begin', (done) => {
        producer.beginTransaction(done);
      });
      produceAll(producer, messages);
      await settle('send', (done) => {
        producer.flush(ANSWER_MS, done);
      });
      isAskedToCommit = true;
      await settle('commit', (done) => {
        producer.commitTransaction(ANSWER_MS, done);
      });
    } catch (error) {
      const { isTxnRequiresAbort, isFatal } = clientErrorOf(error);
      const isUndecided = !isAskedToCommit || isTxnRequiresAbort === true;
      const isKept = isUndecided && isFatal !== true && (await abort(producer));
      if (!isKept) await this.#drop();
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await closeProducer(producer, CLOSE_MS);
  }
}

/** Connects with the first transaction. */
export function createSerialWriter(options: SerialWriterOptions): SerialWriter {
  return new FencingWriter(options);
}
