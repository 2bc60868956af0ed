import { checksumOf, expectChecksum } from './checksum.ts';
import type { Database } from './database.ts';

/** Single numbers that are kept: the detector's offset, the begin of the log, how far the log is indexed. */
export class SettingsTable {
  readonly #database: Database;
  readonly #get;
  readonly #set;

  constructor(database: Database) {
    this.#database = database;
    this.#get = database.prepare('SELECT value, checksum FROM setting WHERE key = ?');
    this.#set = database.prepare(
      'INSERT INTO setting (key, value, checksum) VALUES (?, ?, ?) ' +
        'ON CONFLICT (key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum',
    );
  }

  /** 0 where it was never set. */
  get(key: string): number {
    const row = this.#get.get(key) as { value: number; checksum: number | null } | undefined;
    if (row === undefined) return 0;
    const place = { database: this.#database, table: 'setting' };
    expectChecksum(checksumOf(0, `${key}=${String(row.value)}`), row.checksum, place, `key ${key}`);
    return row.value;
  }

  set(key: string, value: number): void {
    this.#set.run(key, value, checksumOf(0, `${key}=${String(value)}`));
  }
}
