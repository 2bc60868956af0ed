/** The life of the store thread: appends in groups, and a slice of detection behind each group. */
import type { MessagePort } from 'node:worker_threads';
import { CannotWriteError, UnavailableError } from '../../contracts/errors.ts';
import { toPlainError } from './error-transfer.ts';
import type { Database } from './database.ts';
import { addStep, removeOld, retentionClock, type RetentionReport } from './retention.ts';
import { guarded } from './sqlite-errors.ts';
import { SqliteDetectionStore } from './sqlite-detection-store.ts';
import { SqliteLog } from './sqlite-log.ts';
import type { FromStore, LogQuestion, Progress, ToStore } from './store-messages.ts';
import { WalKeeper } from './wal-keeper.ts';

/** What runs between the appends, in the same thread and on the same connection. */
export interface Detector {
  /**
   * One slice of work, short enough for an acknowledgement to wait for it (about 20 ms); true where there is more.
   * Where it throws `UnavailableError` or `CannotWriteError` it is called again after a pause, and must then go on
   * where it was: its commit left nothing. Any other error ends the thread.
   */
  step(): Promise<boolean> | boolean;
  close(): Promise<void> | void;
  /** Offset from which on a restart would read the log again: retention leaves that standing, however old it is. */
  neededFrom?(): number;
  /** A message sent with `StoreThread.tellDetector`. */
  onMessage?(message: unknown): void;
}

/** What a detector works with. All of it is synchronous; `toAsyncLog` and `toAsyncDetectionStore` make the ports. */
export interface DetectorStore {
  readonly log: SqliteLog;
  readonly detection: SqliteDetectionStore;
  /** True while appends wait for the slice to end. */
  readonly appendsWait: () => boolean;
  /** Sends a message to the main thread, to the listener of `StoreThread.onDetectorMessage`. */
  readonly tell: (message: unknown) => void;
}

/** The export `createDetector` of a detector's module. */
export type CreateDetector = (store: DetectorStore, init: unknown) => Promise<Detector> | Detector;

const RETRY_MS = 1_000;

type Append = Extract<ToStore, { type: 'append' }>;
interface Removal {
  readonly id: number;
  readonly steps: ReturnType<typeof removeOld>;
  readonly report: Record<string, number>;
}

function isPassing(error: unknown): boolean {
  return error instanceof UnavailableError || error instanceof CannotWriteError;
}

export class StoreLoop {
  readonly #port: MessagePort;
  readonly #database: Database;
  readonly #waiting: Int32Array;
  readonly #log: SqliteLog;
  readonly #detection: SqliteDetectionStore;
  readonly #walKeeper: WalKeeper;
  #detector: Detector | undefined;
  #appends: Append[] = [];
  readonly #others: ToStore[] = [];
  readonly #removals: Removal[] = [];
  #closing = false;
  /** Detection may have something to do. */
  #work = true;
  #retryAt = 0;
  #progress: Progress | undefined;
  #wake: () => void = () => {};

  constructor(port: MessagePort, database: Database, waiting: SharedArrayBuffer) {
    this.#port = port;
    this.#database = database;
    this.#waiting = new Int32Array(waiting);
    this.#log = new SqliteLog(database);
    this.#detection = new SqliteDetectionStore(database);
    this.#walKeeper = new WalKeeper(database);
  }

  /** Serves until it is closed. Rejects with what ended it otherwise; nothing is acknowledged after that. */
  async run(create: CreateDetector | undefined, init: unknown): Promise<void> {
    this.#port.on('message', (message: ToStore) => {
      this.#take(message);
    });
    this.#detector = await create?.(
      {
        log: this.#log,
        detection: this.#detection,
        appendsWait: () => Atomics.load(this.#waiting, 0) > 0,
        tell: (message) => {
          this.#post({ type: 'detector', message });
        },
      },
      init,
    );
    this.#post({ type: 'ready' });
    while (!this.#closing || this.#appends.length > 0 || this.#others.length > 0) await this.#turn();
    await this.#detector?.close();
  }

  async #turn(): Promise<void> {
    this.#append();
    for (const message of this.#others.splice(0)) this.#answer(message);
    if (this.#detector !== undefined && this.#mayDetect()) await this.#detect(this.#detector);
    const removed = this.#removeStep();
    this.#walKeeper.look();
    const goesOn = removed || this.#mayDetect() || this.#appends.length > 0 || this.#others.length > 0;
    if (!this.#closing) await (goesOn ? this.#breath() : this.#nextMessage());
  }

  #mayDetect(): boolean {
    return this.#work && this.#detector !== undefined && Date.now() >= this.#retryAt;
  }

  #take(message: ToStore): void {
    if (message.type === 'append') {
      Atomics.sub(this.#waiting, 0, 1);
      this.#appends.push(message);
    } else if (message.type === 'close') {
      this.#closing = true;
    } else {
      this.#others.push(message);
    }
    this.#wake();
  }

  /** Everything that came while the thread was busy is one transaction. */
  #append(): void {
    const group = this.#appends;
    if (group.length === 0) return;
    this.#appends = [];
    try {
      const firsts = this.#log.appendBlocks(group.flatMap(({ blocks }) => blocks));
      let at = 0;
      for (const { id, blocks } of group) {
        this.#post({ type: 'answer', id, value: firsts[at] });
        at += blocks.length;
      }
      this.#work = true;
    } catch (error) {
      for (const { id } of group) this.#post({ type: 'refused', id, error: toPlainError(error) });
      if (!isPassing(error)) throw error;
      this.#walKeeper.makeRoom();
    }
  }

  #answer(message: ToStore): void {
    switch (message.type) {
      case 'ask':
        this.#ask(message);
        return;
      case 'retain':
        this.#retain(message);
        return;
      case 'detector':
        this.#detector?.onMessage?.(message.message);
        this.#work = true;
        return;
      case 'append':
      case 'close':
        return;
    }
  }

  #ask({ id, question }: Extract<ToStore, { type: 'ask' }>): void {
    try {
      this.#post({ type: 'answer', id, value: this.#askLog(question) });
    } catch (error) {
      this.#post({ type: 'refused', id, error: toPlainError(error) });
    }
  }

  #retain({ id, policy, now }: Extract<ToStore, { type: 'retain' }>): void {
    const neededFrom = (): number => this.#detector?.neededFrom?.() ?? Number.POSITIVE_INFINITY;
    try {
      const clock = guarded('note how far retention is', () => retentionClock(this.#database, now));
      this.#removals.push({ id, steps: removeOld(this.#database, policy, clock, neededFrom), report: {} });
    } catch (error) {
      this.#post({ type: 'refused', id, error: toPlainError(error) });
      if (!isPassing(error)) throw error;
    }
  }

  #askLog(question: LogQuestion): unknown {
    switch (question[0]) {
      case 'read':
        return this.#log.read(question[1], question[2]);
      case 'readSite':
        return this.#log.readSite(question[1], question[2], question[3]);
      case 'bounds':
        return this.#log.bounds();
    }
  }

  async #detect(detector: Detector): Promise<void> {
    try {
      this.#work = await detector.step();
      this.#retryAt = 0;
      this.#tellProgress();
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#walKeeper.makeRoom();
      this.#retryAt = Date.now() + RETRY_MS;
      this.#post({ type: 'troubled', error: toPlainError(error) });
    }
  }

  #tellProgress(): void {
    const nextOffset = this.#detection.nextOffset();
    if (nextOffset === this.#progress?.nextOffset) return;
    this.#progress = { nextOffset, lastChange: this.#detection.lastChange() };
    this.#post({ type: 'progress', ...this.#progress });
  }

  #removeStep(): boolean {
    const removal = this.#removals[0];
    if (removal === undefined) return false;
    const { id, steps, report } = removal;
    try {
      const step = steps.next();
      if (step.done === true) {
        this.#removals.shift();
        this.#post({ type: 'answer', id, value: report satisfies RetentionReport });
      } else {
        addStep(report, step.value);
      }
    } catch (error) {
      this.#removals.shift();
      this.#post({ type: 'refused', id, error: toPlainError(error) });
      if (!isPassing(error)) throw error;
    }
    return true;
  }

  #post(message: FromStore): void {
    this.#port.postMessage(message);
  }

  /** Lets messages in without waiting for one. */
  #breath(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** Waits for a message, or for the time to try again. */
  #nextMessage(): Promise<void> {
    return new Promise((resolve) => {
      const pause = this.#retryAt - Date.now();
      const timer = pause > 0 ? setTimeout(resolve, pause) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
