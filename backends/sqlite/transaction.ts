import type { Database } from './database.ts';
import { toStoreError } from './sqlite-errors.ts';

/** Runs work in transactions of one connection. */
export class Transactions {
  readonly #what: string;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #database: Database;

  /** @param what is done in them, for error messages: `append to /data/stackwarden.db` */
  constructor(database: Database, what: string) {
    this.#database = database;
    this.#what = what;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
  }

  /**
   * Runs `act` in a transaction: all of it is durable when this returns, or nothing of it when it throws.
   * @throws UnavailableError or CannotWriteError where SQLite cannot; what `act` throws
   */
  run<T>(act: () => T): T {
    try {
      this.#begin.run();
      const result = act();
      this.#commit.run();
      return result;
    } catch (error) {
      // SQLite has already rolled back by itself after some failures, a full disk among them.
      if (this.#database.isTransaction) this.#rollback.run();
      throw toStoreError(error, this.#what);
    }
  }
}

/** Runs queries on one snapshot, so that what moves between tables meanwhile is seen exactly once. */
export function onSnapshot<T>(database: Database, act: () => T): T {
  if (database.isTransaction) return act();
  database.exec('BEGIN');
  try {
    return act();
  } finally {
    database.exec('COMMIT');
  }
}
