/** A partition that this process works on: what waits for it, and the worker that takes it. */
import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { PartitionWorker } from '../../contracts/ports/partition.ts';
import type { PartitionTraces } from './partition-traces.ts';
import { HungClientError } from './settle.ts';

/** Records that are handed over at once: as many as one commit may hold. */
const MOST_AT_ONCE = 4_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface SlotParts {
  readonly partition: number;
  readonly worker: PartitionWorker;
  /** Offset behind what is committed: the worker may be ahead of it. */
  readonly committed: () => number;
  /** Records that are followed, where some are. */
  readonly traces?: PartitionTraces | undefined;
  /** Gives registries their files. What it throws as UnavailableError is tried again for ever: the others go on. */
  readonly complete: (records: readonly LogRecord[]) => Promise<readonly LogRecord[]>;
  readonly onFailure: (error: unknown) => void;
  readonly onTrouble: (error: Error) => void;
  readonly onDone: (records: readonly LogRecord[]) => void;
  /** Lets go of what is held for it. */
  readonly onGone: () => void;
}

export class PartitionSlot {
  readonly #parts: SlotParts;
  #queue: LogRecord[] = [];
  /** Offset that is waited for, or a later one. */
  #next: number;
  #working: Promise<void> | undefined;
  readonly #leaving = new AbortController();
  #trouble: Error | undefined;
  #isGone = false;
  isPaused = false;

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#next = parts.worker.from;
  }

  get partition(): number {
    return this.#parts.partition;
  }

  get worker(): PartitionWorker {
    return this.#parts.worker;
  }

  committed(): number {
    return this.#parts.committed();
  }

  get traces(): PartitionTraces | undefined {
    return this.#parts.traces;
  }

  /** Why it stands still. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  /** Records that wait, those that are being worked on included only where they are not taken yet. */
  waiting(): number {
    return this.#queue.length;
  }

  oldestReceived(): number | undefined {
    return this.#queue[0]?.received;
  }

  /** @throws UnavailableError where offsets go back: whatever lies between would be passed over */
  add(records: readonly LogRecord[]): void {
    if (this.#leaving.signal.aborted) return;
    for (const record of records) {
      if (record.offset < this.#next)
        throw new UnavailableError(
          `partition ${String(this.partition)} goes back: offset ${String(record.offset)} came where ${String(this.#next)} or a later one was due`,
        );
      this.#next = record.offset + 1;
      this.#queue.push(record);
    }
    if (this.#queue.length > 0) this.#working ??= this.#work();
  }

  /** Takes nothing more, saves what it has where it may, and lets go. */
  async leave(saves: boolean): Promise<void> {
    this.#leaving.abort();
    this.#queue = [];
    await this.#working;
    try {
      if (saves) await this.worker.save();
    } finally {
      this.drop();
    }
  }

  /** Lets go, and saves nothing. */
  drop(): void {
    this.#leaving.abort();
    this.#queue = [];
    if (this.#isGone) return;
    this.#isGone = true;
    this.worker.close();
    this.#parts.onGone();
  }

  async #work(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#leaving.signal.aborted) {
        const records = await this.#complete(this.#queue.slice(0, MOST_AT_ONCE));
        if (records === undefined) break;
        this.#queue.splice(0, records.length);
        await this.worker.take(records);
        this.#parts.onDone(records);
      }
    } catch (error) {
      this.#leaving.abort();
      this.#parts.onFailure(error);
    }
    this.#working = undefined;
  }

  /** Undefined where the partition goes before it could be done. */
  async #complete(records: readonly LogRecord[]): Promise<readonly LogRecord[] | undefined> {
    const { signal } = this.#leaving;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const whole = await this.#parts.complete(records);
        this.#trouble = undefined;
        return whole;
      } catch (error) {
        if (!(error instanceof UnavailableError) || error instanceof HungClientError) throw error;
        if (this.#trouble === undefined) this.#parts.onTrouble(error);
        this.#trouble = error;
      }
      await pause(pauseMs, undefined, { signal }).catch((stopped: unknown) => stopped);
    }
    return undefined;
  }
}
