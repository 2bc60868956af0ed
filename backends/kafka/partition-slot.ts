/** A partition that this process works on: what waits for it, and the worker that takes it. */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { PartitionWorker } from '../../contracts/ports/partition.ts';
import type { PartitionTraces } from './partition-traces.ts';

/** Records that are handed over at once: as many as one commit may hold. */
const MOST_AT_ONCE = 4_000;

export class PartitionSlot {
  readonly partition: number;
  readonly worker: PartitionWorker;
  /** Records that are followed, where some are. */
  readonly traces: PartitionTraces | undefined;
  readonly #onFailure: (error: unknown) => void;
  readonly #onDone: (records: readonly LogRecord[]) => void;
  #queue: LogRecord[] = [];
  #working: Promise<void> | undefined;
  #leaving = false;
  isPaused = false;

  constructor(
    partition: number,
    worker: PartitionWorker,
    on: { readonly failure: (error: unknown) => void; readonly done: (records: readonly LogRecord[]) => void },
    traces?: PartitionTraces,
  ) {
    this.partition = partition;
    this.worker = worker;
    this.traces = traces;
    this.#onFailure = on.failure;
    this.#onDone = on.done;
  }

  /** Records that wait, those that are being worked on included only where they are not taken yet. */
  waiting(): number {
    return this.#queue.length;
  }

  oldestReceived(): number | undefined {
    return this.#queue[0]?.received;
  }

  add(records: readonly LogRecord[]): void {
    if (this.#leaving || records.length === 0) return;
    for (const record of records) this.#queue.push(record);
    this.#working ??= this.#work();
  }

  /** Takes nothing more, saves what it has where it may, and lets go. */
  async leave(saves: boolean): Promise<void> {
    this.#leaving = true;
    this.#queue = [];
    await this.#working;
    try {
      if (saves) await this.worker.save();
    } finally {
      this.worker.close();
    }
  }

  async #work(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#leaving) {
        const records = this.#queue.splice(0, MOST_AT_ONCE);
        await this.worker.take(records);
        this.#onDone(records);
      }
    } catch (error) {
      this.#leaving = true;
      this.#onFailure(error);
    }
    this.#working = undefined;
  }
}
