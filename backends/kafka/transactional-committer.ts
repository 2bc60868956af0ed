/**
 * Commits of all partitions of a process in transactions: those that come while one is under way make the next.
 *
 * After anything unclear the producer is gone for good: a request that is still under way somewhere could otherwise end
 * a later transaction. Another one under the same name fences it.
 *
 * One offset goes along with each transaction, of whichever partition, and with it the group is asked whether this
 * process is still a member. Where to go on from stands in the state; more entries would only be lost memory (the client
 * does not free them).
 */
import type { Producer } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { CommitFigures, Committer, Contribution } from './committer.ts';
import type { GroupFence } from './group-fence.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { withReason } from './name-reason.ts';
import { closeProducer, settle } from './settle.ts';
import { MOST_BYTES } from './topics.ts';

export interface TransactionalOptions {
  readonly settings: KafkaSettings;
  /** Name under which the producer is fenced. */
  readonly id: string;
  /** Who owns what is decided by its group. */
  readonly fence: GroupFence;
  readonly figures: CommitFigures;
  /** From the beginning of a transaction to the beginning of the next, at least: each costs the broker the same. */
  readonly everyMs: number;
}

/** The broker ends what was begun and not ended for so long: until then who takes over has to wait. */
const TRANSACTION_MS = 10_000;
const ANSWER_MS = 8_000;
const CONNECT_MS = 10_000;
const CLOSE_MS = 3_000;
const QUEUE_FULL = -184;

function producerConfig(settings: KafkaSettings, id: string): ConstructorParameters<KafkaModule['Producer']>[0] {
  return {
    ...clientConfig(settings, 'detect'),
    'transactional.id': id,
    'transaction.timeout.ms': TRANSACTION_MS,
    'enable.idempotence': true,
    'message.max.bytes': MOST_BYTES,
    'linger.ms': 5,
    'compression.codec': 'lz4',
    'queue.buffering.max.messages': 500_000,
    'queue.buffering.max.kbytes': 262_144,
  };
}

/** @throws UnavailableError */
async function openProducer(module: KafkaModule, { settings, id }: TransactionalOptions): Promise<Producer> {
  const producer = new module.Producer(producerConfig(settings, id), {
    'request.required.acks': -1,
    'message.timeout.ms': ANSWER_MS - 1_000,
  });
  // What went wrong is told again by the call that it happened to.
  producer.on('event.error', () => undefined);
  try {
    await withReason(producer, () =>
      settle<unknown>('connect', (done) => {
        producer.connect({ timeout: CONNECT_MS }, done);
      }),
    );
    await settle('begin to be the one of this name', (done) => {
      producer.initTransactions(CONNECT_MS, done);
    });
  } catch (error) {
    await closeProducer(producer, CLOSE_MS);
    throw error;
  }
  return producer;
}

async function produce(producer: Producer, contribution: Contribution, figures: CommitFigures): Promise<void> {
  for (const { topic, partition, key, value, headers } of [...contribution.outputs, ...contribution.state]) {
    for (;;) {
      try {
        producer.produce(topic, partition, value, key, undefined, undefined, headers);
        break;
      } catch (error) {
        if ((error as { code?: number }).code !== QUEUE_FULL) throw error;
        await settle('send', (done) => {
          producer.flush(ANSWER_MS, done);
        });
      }
    }
    figures.messages += 1;
    figures.bytes += value?.length ?? 0;
  }
}

async function runTransaction(
  producer: Producer,
  { fence, figures }: TransactionalOptions,
  round: readonly Contribution[],
): Promise<void> {
  await settle('begin', (done) => {
    producer.beginTransaction(done);
  });
  for (const contribution of round) await produce(producer, contribution, figures);
  // Before the group is asked: whoever takes over after that sees that something is under way, and waits for its end.
  await settle('send', (done) => {
    producer.flush(ANSWER_MS, done);
  });
  const offsets = round.slice(0, 1).map(({ topic, partition, next }) => ({ topic, partition, offset: next }));
  figures.offsetEntries += offsets.length;
  await settle('ask the group', (done) => {
    producer.sendOffsetsToTransaction(offsets, fence.member, ANSWER_MS, done);
  });
  // What was committed before: the group's offsets are never ahead of what readers see.
  for (const { topic, partition, from } of round.slice(0, 1)) await fence.confirm({ topic, partition, offset: from });
  await settle('commit', (done) => {
    producer.commitTransaction(ANSWER_MS, done);
  });
  figures.transactions += 1;
}

interface Waiting {
  readonly contribution: Contribution;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class TransactionalCommitter implements Committer {
  readonly #producer: Producer;
  readonly #options: TransactionalOptions;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(producer: Producer, options: TransactionalOptions) {
    this.#producer = producer;
    this.#options = options;
  }

  commit(contribution: Contribution): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ contribution, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async close(): Promise<void> {
    this.#failure ??= new UnavailableError('the connection to Kafka is closed');
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    await this.#running;
    await closeProducer(this.#producer, CLOSE_MS);
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#pause();
      const round = this.#waiting;
      this.#waiting = [];
      if (round.length > 0) await this.#commitRound(round);
    }
    this.#running = undefined;
  }

  #pause(): Promise<void> {
    const wait = this.#lastAt + this.#options.everyMs - performance.now();
    return new Promise((resolve) => {
      if (wait > 0) setTimeout(resolve, wait);
      else setImmediate(resolve);
    });
  }

  async #commitRound(round: readonly Waiting[]): Promise<void> {
    this.#lastAt = performance.now();
    try {
      await runTransaction(
        this.#producer,
        this.#options,
        round.map(({ contribution }) => contribution),
      );
      for (const { resolve } of round) resolve();
    } catch (error) {
      this.#options.figures.failed += 1;
      this.#failure = error instanceof Error ? error : new UnavailableError(String(error));
      for (const { reject } of [...round, ...this.#waiting.splice(0)]) reject(this.#failure);
    }
  }
}

/** @throws UnavailableError where Kafka does not answer */
export async function openTransactionalCommitter(
  module: KafkaModule,
  options: TransactionalOptions,
): Promise<Committer> {
  return new TransactionalCommitter(await openProducer(module, options), options);
}
