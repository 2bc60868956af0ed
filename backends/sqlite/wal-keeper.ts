/** Keeps the write-ahead log from growing without end while somebody always reads. */
import type { Database } from './database.ts';
import { sizeOf } from './file-look.ts';
import { sqliteCode } from './sqlite-errors.ts';

const MIB = 1_048_576;
const LOOK_EVERY_MS = 1_000;
/** Appends wait for so long at most: readers are mostly done sooner, and else it is tried again. */
const PATIENCE_MS = 40;

export interface WalKeeperOptions {
  /** Above it the log is begun anew; below it SQLite's own way is enough. */
  readonly maxBytes?: number;
  /** Monotonic, ms. */
  readonly monotonic?: () => number;
}

/**
 * SQLite moves the write-ahead log into the file by itself, but begins it anew only at a moment when nobody reads.
 * With many readers there may be none, and the log grows. So once it is large, the writer waits a little for the
 * readers of the moment and keeps new ones on what is in the file by then.
 *
 * The log is begun anew, never cut to nothing: an empty one beside an open database means that it was lost.
 */
export class WalKeeper {
  readonly #database: Database;
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #monotonic: () => number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #madeRoomAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, options: WalKeeperOptions = {}) {
    this.#database = database;
    this.#path = `${database.location() ?? ''}-wal`;
    this.#maxBytes = options.maxBytes ?? 64 * MIB;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Between transactions; costs nothing unless the log is large. */
  look(): void {
    const now = this.#monotonic();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    if (sizeOf(this.#path) > this.#maxBytes) this.#beginAnew();
  }

  /**
   * After the disk was full: what is in the log goes into the file, and the room that the log takes is written over.
   * Looked at as often as the size is, for it is tried again each second.
   */
  makeRoom(): void {
    const now = this.#monotonic();
    if (now - this.#madeRoomAt < LOOK_EVERY_MS) return;
    this.#madeRoomAt = now;
    this.#beginAnew();
  }

  #beginAnew(): void {
    const { timeout } = this.#database.prepare('PRAGMA busy_timeout').get() as { timeout: number };
    this.#database.exec(`PRAGMA busy_timeout = ${String(PATIENCE_MS)}`);
    try {
      this.#database.exec('PRAGMA wal_checkpoint(RESTART)');
    } catch (error) {
      // A full disk: what is in the write-ahead log stays there, and it is tried again.
      if (sqliteCode(error) === undefined) throw error;
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${String(timeout)}`);
    }
  }
}
