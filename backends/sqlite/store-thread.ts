import type { Worker } from 'node:worker_threads';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { AppendQueue } from './append-queue.ts';
import type { PackedBlock } from './entry-block.ts';
import { fromPlainError } from './error-transfer.ts';
import type { RetentionPolicy, RetentionReport } from './retention.ts';
import type { FromStore, Progress, StoreThreadData, ToStore } from './store-messages.ts';
import { startWorker } from './worker-entry.ts';

export interface StoreThreadOptions {
  /** The data folder; lock it first (`lockFolder`). */
  readonly folder: string;
  /** Module whose `createDetector` runs in the thread, as a URL, and what it is given (copied to the thread). */
  readonly detector?: { readonly module: string; readonly init: unknown };
  /** Entries handed in and not yet durable, about; 64 MiB unless said. */
  readonly maxPendingBytes?: number;
}

type WithoutId<Message> = Message extends { readonly id: number } ? Omit<Message, 'id'> : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const MAX_PENDING_BYTES = 64 * 1_048_576;

/**
 * The store of a data folder, in a thread of its own: the log that is appended to, and the detector that reads it.
 * Every promise of it rejects with `UnavailableError` once the thread has ended.
 */
export class StoreThread implements Log {
  readonly #worker: Worker;
  readonly #waiting: Int32Array;
  readonly #queue: AppendQueue;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<Error | undefined>;
  #lastId = 0;
  #closing = false;
  #failure: Error | undefined;
  #onProgress: (progress: Progress) => void = () => {};
  #onTrouble: (error: Error) => void = () => {};
  #onDetectorMessage: (message: unknown) => void = () => {};

  private constructor(worker: Worker, waiting: SharedArrayBuffer, maxPendingBytes: number) {
    this.#worker = worker;
    this.#waiting = new Int32Array(waiting);
    this.#queue = new AppendQueue((blocks) => this.#send(blocks), maxPendingBytes);
    this.#ended = new Promise((resolve) => {
      worker.on('error', (error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      });
      worker.once('exit', () => {
        if (!this.#closing) this.#failure ??= new InvariantError('The store thread ended without a word');
        this.#abandon();
        resolve(this.#failure);
      });
    });
    worker.on('message', (message: FromStore) => {
      this.#receive(message);
    });
  }

  /**
   * Opens the folder in a new thread; resolves when it serves.
   * @throws ConfigError, CannotWriteError, UnavailableError as `openForWriting` does, and what the detector's start throws
   */
  static async start({ folder, detector, maxPendingBytes }: StoreThreadOptions): Promise<StoreThread> {
    const waiting = new SharedArrayBuffer(4);
    const workerData: StoreThreadData = { folder, waiting, ...(detector === undefined ? {} : { detector }) };
    const worker = startWorker('store-worker', workerData);
    const thread = new StoreThread(worker, waiting, maxPendingBytes ?? MAX_PENDING_BYTES);
    await thread.#request(0);
    return thread;
  }

  /** Resolves with the offset of the first entry when all are durable; groups by itself, so do not wait between appends. */
  append(entries: readonly LogEntry[]): Promise<number> {
    if (entries.length === 0) return this.bounds().then(({ next }) => next);
    return this.#queue.append(entries);
  }

  read(fromOffset: number, limit: number): Promise<readonly LogRecord[]> {
    return this.#ask({ type: 'ask', question: ['read', fromOffset, limit] }) as Promise<LogRecord[]>;
  }

  readSite(site: string, fromOffset: number, toOffset: number): Promise<readonly LogRecord[]> {
    return this.#ask({ type: 'ask', question: ['readSite', site, fromOffset, toOffset] }) as Promise<LogRecord[]>;
  }

  bounds(): Promise<{ readonly first: number; readonly next: number }> {
    return this.#ask({ type: 'ask', question: ['bounds'] }) as Promise<{ first: number; next: number }>;
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
    return this.#ask({ type: 'retain', policy, now }) as Promise<RetentionReport>;
  }

  tellDetector(message: unknown): void {
    if (this.#failure === undefined && !this.#closing) this.#post({ type: 'detector', message });
  }

  onDetectorMessage(listener: (message: unknown) => void): void {
    this.#onDetectorMessage = listener;
  }

  /** Called after each commit of detection: there may be new changes to read. */
  onProgress(listener: (progress: Progress) => void): void {
    this.#onProgress = listener;
  }

  /** Called where detection cannot store for now and will try again: a full disk, say. */
  onTrouble(listener: (error: Error) => void): void {
    this.#onTrouble = listener;
  }

  /** Resolves when the thread has ended: with the error that ended it, or nothing where it was closed. */
  ended(): Promise<Error | undefined> {
    return this.#ended;
  }

  /** Writes what was taken in, stops detection, closes the file; appends from now on are refused. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#queue.close(new UnavailableError('The store is closing.'));
      await this.#queue.empty();
      if (this.#failure === undefined) this.#post({ type: 'close' });
    }
    const failure = await this.#ended;
    if (failure !== undefined) throw failure;
  }

  #receive(message: FromStore): void {
    switch (message.type) {
      case 'ready':
        this.#settle(0)?.resolve(undefined);
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.value);
        return;
      case 'refused':
        this.#settle(message.id)?.reject(fromPlainError(message.error));
        return;
      case 'failed':
        this.#failure ??= fromPlainError(message.error);
        return;
      default:
        this.#hear(message);
    }
  }

  #hear(message: Exclude<FromStore, { type: 'ready' | 'answer' | 'refused' | 'failed' }>): void {
    switch (message.type) {
      case 'progress':
        this.#onProgress({ nextOffset: message.nextOffset, lastChange: message.lastChange });
        return;
      case 'troubled':
        this.#onTrouble(fromPlainError(message.error));
        return;
      case 'detector':
        this.#onDetectorMessage(message.message);
        return;
      case 'closed':
        return;
    }
  }

  #send(blocks: readonly PackedBlock[]): Promise<number> {
    Atomics.add(this.#waiting, 0, 1);
    const id = this.#nextId();
    const answer = this.#request(id) as Promise<number>;
    const bytes = blocks.map(({ bytes: { buffer } }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
    this.#worker.postMessage({ type: 'append', id, blocks } satisfies ToStore, bytes);
    return answer;
  }

  #ask(message: WithoutId<ToStore>): Promise<unknown> {
    if (this.#failure !== undefined || this.#closing) return Promise.reject(this.#gone());
    const id = this.#nextId();
    const answer = this.#request(id);
    this.#post({ ...message, id });
    return answer;
  }

  #post(message: ToStore): void {
    this.#worker.postMessage(message);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #request(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #gone(): Error {
    const why = this.#failure === undefined ? 'it was closed' : this.#failure.message;
    return new UnavailableError(`The store has ended: ${why}`, { cause: this.#failure });
  }

  /** The thread is gone: whatever waits for it hears so. The one who started it gets the error itself. */
  #abandon(): void {
    this.#settle(0)?.reject(this.#failure ?? this.#gone());
    const gone = this.#gone();
    this.#queue.abort(gone);
    for (const { reject } of this.#pending.values()) reject(gone);
    this.#pending.clear();
  }
}
