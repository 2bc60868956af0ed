import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { AppendQueue } from './append-queue.ts';
import type { PackedBlock } from './entry-block.ts';
import { fromPlainError } from './error-transfer.ts';
import type { RetentionPolicy, RetentionReport } from './retention.ts';
import type { FromStore, LogQuestion, Progress, StoreThreadData, ToStore } from './store-messages.ts';
import { ThreadCalls, type ThreadAnswer } from './thread-calls.ts';
import { startWorker } from './worker-entry.ts';

export interface StoreThreadOptions {
  /** The data folder; lock it first (`lockFolder`). */
  readonly folder: string;
  /** Module whose `createDetector` runs in the thread, as a URL, and what it is given (copied to the thread). */
  readonly detector?: { readonly module: string; readonly init: unknown };
  /** Entries handed in and not yet durable, about; 64 MiB unless said. */
  readonly maxPendingBytes?: number;
}

type Heard = Exclude<FromStore, ThreadAnswer>;

const MAX_PENDING_BYTES = 64 * 1_048_576;

/**
 * The store of a data folder, in a thread of its own: the log that is appended to, and the detector that reads it.
 * Every promise of it rejects with `UnavailableError` once the thread has ended.
 */
export class StoreThread implements Log {
  readonly #calls: ThreadCalls<ToStore, Heard>;
  readonly #waiting: Int32Array;
  readonly #queue: AppendQueue;
  #onProgress: (progress: Progress) => void = () => {};
  #onTrouble: (error: Error) => void = () => {};
  #onDetectorMessage: (message: unknown) => void = () => {};
  #onHealth: (trouble: Error | undefined) => void = () => {};
  #appendTrouble: Error | undefined;
  #detectTrouble: Error | undefined;

  private constructor({ folder, detector, maxPendingBytes }: StoreThreadOptions) {
    const waiting = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const data: StoreThreadData = { folder, waiting, ...(detector === undefined ? {} : { detector }) };
    this.#waiting = new Int32Array(waiting);
    this.#queue = new AppendQueue((blocks) => this.#send(blocks), maxPendingBytes ?? MAX_PENDING_BYTES);
    this.#calls = new ThreadCalls(startWorker('store-worker', data), 'store', (message) => {
      this.#hear(message);
    });
  }

  /**
   * Opens the folder in a new thread; resolves when it serves.
   * @throws ConfigError, CannotWriteError, UnavailableError as `openForWriting` does, and what the detector's start throws
   */
  static async start(options: StoreThreadOptions): Promise<StoreThread> {
    const thread = new StoreThread(options);
    await thread.#calls.ready();
    return thread;
  }

  /** Resolves with the offset of the first entry when all are durable; groups by itself, so do not wait between appends. */
  append(entries: readonly LogEntry[]): Promise<number> {
    if (entries.length === 0) return this.bounds().then(({ next }) => next);
    return this.#queue.append(entries);
  }

  read(fromOffset: number, limit: number): Promise<readonly LogRecord[]> {
    return this.#ask(['read', fromOffset, limit]) as Promise<LogRecord[]>;
  }

  readSite(site: string, fromOffset: number, toOffset: number): Promise<readonly LogRecord[]> {
    return this.#ask(['readSite', site, fromOffset, toOffset]) as Promise<LogRecord[]>;
  }

  bounds(): Promise<{ readonly first: number; readonly next: number }> {
    return this.#ask(['bounds']) as Promise<{ first: number; next: number }>;
  }

  /** True while appends are refused because too much waits to be written. */
  isFull(): boolean {
    return this.#queue.isFull();
  }

  /** Resolves when there is room for appends again. */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  /** Removes what is older than the policy says, between the appends; resolves when all of it is gone. */
  retain(policy: RetentionPolicy, now: number): Promise<RetentionReport> {
    return this.#calls.call((id) => ({ type: 'retain', id, policy, now })) as Promise<RetentionReport>;
  }

  tellDetector(message: unknown): void {
    this.#calls.say({ type: 'detector', message });
  }

  onDetectorMessage(listener: (message: unknown) => void): void {
    this.#onDetectorMessage = listener;
  }

  /** Called after each commit of detection: there may be new changes to read. */
  onProgress(listener: (progress: Progress) => void): void {
    this.#onProgress = listener;
  }

  /** Why nothing can be stored now: a full disk, say; `undefined` while all is well. */
  trouble(): Error | undefined {
    return this.#appendTrouble ?? this.#detectTrouble;
  }

  /** Called when trouble begins, with what it is, and when it is over. */
  onHealth(listener: (trouble: Error | undefined) => void): void {
    this.#onHealth = listener;
  }

  /** Called where detection cannot store for now and will try again: a full disk, say. */
  onTrouble(listener: (error: Error) => void): void {
    this.#onTrouble = listener;
  }

  /** Resolves when the thread has ended: with the error that ended it, or nothing where it was closed. */
  ended(): Promise<Error | undefined> {
    return this.#calls.ended();
  }

  /** Writes what was taken in, stops detection, closes the file; appends from now on are refused. */
  async close(): Promise<void> {
    this.#queue.close(new UnavailableError('The store is closing.'));
    await this.#queue.empty();
    await this.#calls.close({ type: 'close' });
  }

  #hear(message: Heard): void {
    switch (message.type) {
      case 'progress':
        this.#note(() => (this.#detectTrouble = undefined));
        this.#onProgress({ nextOffset: message.nextOffset, lastChange: message.lastChange });
        return;
      case 'troubled':
        this.#hearTrouble(fromPlainError(message.error));
        return;
      case 'detector':
        this.#onDetectorMessage(message.message);
        return;
    }
  }

  #send(blocks: readonly PackedBlock[]): Promise<number> {
    const buffers = blocks.map(({ bytes: { buffer } }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
    if (this.#calls.isOpen) Atomics.add(this.#waiting, 0, 1);
    const answer = this.#calls.call((id) => ({ type: 'append', id, blocks }), buffers) as Promise<number>;
    answer.then(
      () => {
        this.#note(() => (this.#appendTrouble = undefined));
      },
      (error: unknown) => {
        this.#note(() => (this.#appendTrouble = error instanceof Error ? error : new Error(String(error))));
      },
    );
    return answer;
  }

  #hearTrouble(error: Error): void {
    this.#note(() => (this.#detectTrouble = error));
    this.#onTrouble(error);
  }

  /** Tells the listener where trouble began or ended with `change`. */
  #note(change: () => void): void {
    const before = this.trouble();
    change();
    const now = this.trouble();
    if ((before === undefined) !== (now === undefined)) this.#onHealth(now);
  }

  #ask(question: LogQuestion): Promise<unknown> {
    return this.#calls.call((id) => ({ type: 'ask', id, question }));
  }
}
