/** What detection made of the log, stored together with how far it has read: all of a batch or nothing of it. */
import type { DetectionCommit, DetectionStore } from '../../contracts/ports/detection-store.ts';
import { checksumOf, expectChecksum, type RowPlace } from './checksum.ts';
import type { Database } from './database.ts';
import { NEXT_OFFSET } from './log-bounds.ts';
import { OutputWriter } from './output-writer.ts';
import { SettingsTable } from './settings-table.ts';
import { Transactions } from './transaction.ts';

/** Sorts behind every continuation of a prefix. */
const HIGHEST = '\u{10ffff}';

interface StateRow {
  readonly key: string;
  readonly value: string;
  readonly checksum: number | null;
}

/** The detection store for the thread that owns its connection; synchronous, durable on return. */
export class SqliteDetectionStore {
  readonly #transactions: Transactions;
  readonly #settings: SettingsTable;
  readonly #outputs: OutputWriter;
  readonly #state: RowPlace;
  readonly #statements;

  constructor(database: Database, clock: () => number = Date.now) {
    this.#transactions = new Transactions(database, `store findings in ${database.location() ?? 'the database'}`);
    this.#settings = new SettingsTable(database);
    this.#outputs = new OutputWriter(database, clock);
    this.#state = { database, table: 'state' };
    this.#statements = {
      putState: database.prepare(
        'INSERT INTO state (key, value, checksum) VALUES (?, ?, ?) ' +
          'ON CONFLICT (key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum',
      ),
      removeState: database.prepare('DELETE FROM state WHERE key = ?'),
      readState: database.prepare('SELECT key, value, checksum FROM state WHERE key >= ? AND key < ? ORDER BY key'),
    };
  }

  /**
   * Stores a batch in one transaction; durable on return.
   * @throws CannotWriteError or UnavailableError; then nothing of it is stored, and trying again is right
   */
  commit(batch: DetectionCommit): void {
    try {
      this.#transactions.run(() => {
        this.#write(batch);
      });
    } catch (error) {
      this.#outputs.forget();
      throw error;
    }
  }

  /** Offset to go on from; 0 at first. */
  nextOffset(): number {
    return this.#settings.get(NEXT_OFFSET);
  }

  /** State entries whose key starts with `prefix`, sorted by key. */
  readState(prefix: string): { readonly key: string; readonly value: string }[] {
    const rows = this.#statements.readState.all(prefix, prefix + HIGHEST) as StateRow[];
    return rows.map(({ key, value, checksum }) => {
      expectChecksum(checksumOf(0, key, value), checksum, this.#state, `key ${key}`);
      return { key, value };
    });
  }

  /** Number of the newest change. */
  lastChange(): number {
    return this.#outputs.lastChange();
  }

  #write(batch: DetectionCommit): void {
    this.#outputs.write(batch);
    for (const { key, value } of batch.state) {
      if (value === null) this.#statements.removeState.run(key);
      else this.#statements.putState.run(key, value, checksumOf(0, key, value));
    }
    this.#settings.set(NEXT_OFFSET, batch.nextOffset);
  }
}

/** The detection store as the port, for callers in the same thread. */
export function toAsyncDetectionStore(store: SqliteDetectionStore): DetectionStore {
  return {
    commit: async (batch) => {
      store.commit(batch);
    },
    nextOffset: async () => store.nextOffset(),
    readState: async (prefix) => store.readState(prefix),
  };
}
