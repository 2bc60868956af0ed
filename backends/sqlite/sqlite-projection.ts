/** A copy of the outcomes of a divided log, for the thread that owns its connection: synchronous, durable on return. */
import { crc32 } from 'node:zlib';
import { ConfigError } from '../../contracts/errors.ts';
import type { Outcome, OutcomeReader } from '../../contracts/ports/outcome.ts';
import type { Database } from './database.ts';
import { OutputWriter } from './output-writer.ts';
import {
  PROJECTED_TOPICS,
  ProjectionPositions,
  type ProjectedPosition,
  type ProjectedTopic,
} from './projection-positions.ts';
import { Transactions } from './transaction.ts';

/** A message of one of the topics; those of a partition come in the order of their offsets. */
export interface ProjectedMessage {
  readonly topic: ProjectedTopic;
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array;
}

/** What became of a batch, or how far the copy is. */
export interface ProjectionProgress {
  /** Log offset up to which outcomes are applied, by partition. */
  readonly applied: readonly number[];
  /** Number of the newest change, as in `ChangeEvent.seq`. */
  readonly lastChange: number;
  /** Messages since the start that are none of ours; they were passed over. */
  readonly refused: number;
}

export interface ProjectionStart extends ProjectionProgress {
  /** Tells this copy from every other. */
  readonly id: string;
  readonly positions: readonly ProjectedPosition[];
}

type Counts = Record<string, number>;

function addCounts(into: Counts, more: Outcome['counts']): void {
  for (const [name, value] of Object.entries(more)) into[name] = (into[name] ?? 0) + value;
}

/**
 * A message is applied once: its offset is kept in the transaction of its content. A commit that a detector made twice,
 * or in part before it ended, is known by its log offsets:
 *
 * - behind which outcomes were applied already, it is passed over;
 * - where it begins before that and ends behind it, its content is applied, which changes nothing where it is the same,
 *   and its counts are not: what they count of the first half was counted;
 * - log offsets count as applied with the last part of their commit, for a detector may end before that;
 * - one without records, such as what a new version finds when it begins, ends where it begins: where that is how far
 *   outcomes were applied its content is applied, and its counts unless the same was told right before.
 */
export class SqliteProjection {
  readonly #transactions: Transactions;
  readonly #positions: ProjectionPositions;
  readonly #outputs: OutputWriter;
  readonly #reader: OutcomeReader;
  readonly #partitions: number;
  #applied: number[] = [];
  #refused = 0;
  #next = new Map<string, number>();

  /**
   * @param partitions of the log, and of each topic
   * @param clock wall clock in epoch ms; serves the retention of changes only
   * @throws ConfigError where the copy was begun with another number of partitions
   */
  constructor(
    database: Database,
    { reader, partitions }: { readonly reader: OutcomeReader; readonly partitions: number },
    clock: () => number = Date.now,
  ) {
    this.#transactions = new Transactions(database, `copy outcomes to ${database.location() ?? 'the database'}`);
    this.#positions = new ProjectionPositions(database);
    this.#outputs = new OutputWriter(database, clock);
    this.#reader = reader;
    this.#partitions = partitions;
    const begun = this.#positions.partitions();
    if (begun === 0)
      this.#transactions.run(() => {
        this.#positions.begin(partitions);
      });
    else if (begun !== partitions) {
      throw new ConfigError([
        `${database.location() ?? 'The copy'} was made of ${String(begun)} partitions, and there are ${String(partitions)} now. ` +
          'Stop, remove the folder, and start again: it is filled anew from Kafka.',
      ]);
    }
    this.#load();
  }

  start(): ProjectionStart {
    const positions = PROJECTED_TOPICS.flatMap((topic) =>
      Array.from({ length: this.#partitions }, (_, partition) => this.#positions.position(topic, partition)),
    );
    return { id: this.#positions.id(), positions, ...this.progress() };
  }

  progress(): ProjectionProgress {
    return { applied: [...this.#applied], lastChange: this.#outputs.lastChange(), refused: this.#refused };
  }

  /**
   * Applies a batch in one transaction.
   * @throws CannotWriteError or UnavailableError; then nothing of it is stored, and trying again is right
   */
  apply(messages: readonly ProjectedMessage[]): void {
    try {
      this.#refused += this.#transactions.run(() => this.#applyAll(messages));
    } catch (error) {
      this.#outputs.forget();
      this.#load();
      throw error;
    }
  }

  #load(): void {
    this.#applied = Array.from({ length: this.#partitions }, (_, partition) => this.#positions.applied(partition));
    this.#next = new Map();
  }

  /** @returns how many were none of ours */
  #applyAll(messages: readonly ProjectedMessage[]): number {
    const counts: Counts = {};
    let refused = 0;
    const last = new Map<string, ProjectedMessage>();
    const before = [...this.#applied];
    for (const message of messages) {
      const key = `${message.topic}/${String(message.partition)}`;
      if (message.offset < this.#nextOf(message, key)) continue;
      if (!this.#applyOne(message, counts)) refused += 1;
      this.#next.set(key, message.offset + 1);
      last.set(key, message);
    }
    this.#outputs.write({ ...NOTHING, counts });
    for (const message of last.values()) this.#positions.moveOn(message.topic, message.partition, message);
    this.#applied.forEach((offset, partition) => {
      if (offset !== before[partition]) this.#positions.setApplied(partition, offset);
    });
    return refused;
  }

  /** False where it is none of ours. */
  #applyOne(message: ProjectedMessage, counts: Counts): boolean {
    if (message.topic === 'outcomes') return this.#applyOutcome(message, counts);
    const samples = this.#reader.samples(message.value);
    if (samples !== undefined) this.#outputs.write({ ...NOTHING, samples });
    return samples !== undefined;
  }

  #nextOf({ topic, partition }: ProjectedMessage, key: string): number {
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const { next } = this.#positions.position(topic, partition);
    this.#next.set(key, next);
    return next;
  }

  #applyOutcome({ partition, value }: ProjectedMessage, counts: Counts): boolean {
    const outcome = this.#reader.outcome(value);
    if (outcome === undefined) return false;
    const { from, next, isLast } = outcome;
    const applied = this.#applied[partition] ?? 0;
    const hasRecords = from < next;
    if (hasRecords ? next <= applied : next < applied) return true;
    this.#outputs.write({ ...outcome, samples: [], counts: {} });
    if (!isLast) return true;
    const isNew = hasRecords ? from >= applied : this.#isNewStanding(partition, value);
    if (isNew) addCounts(counts, outcome.counts);
    this.#applied[partition] = next;
    return true;
  }

  /** Whether what was made without records was not told before. */
  #isNewStanding(partition: number, value: Uint8Array): boolean {
    const sum = crc32(value);
    if (this.#positions.standingSum(partition) === sum) return false;
    this.#positions.setStandingSum(partition, sum);
    return true;
  }
}

const NOTHING = {
  findings: [],
  means: [],
  samples: [],
  deadLetters: [],
  redriven: [],
  orders: [],
  marks: [],
  counts: {},
};
