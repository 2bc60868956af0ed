import type { Database } from './database.ts';

/** Single numbers that are kept: the detector's offset, the begin of the log, how far the log is indexed. */
export class SettingsTable {
  readonly #get;
  readonly #set;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT value FROM setting WHERE key = ?');
    this.#set = database.prepare(
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
  }

  /** 0 where it was never set. */
  get(key: string): number {
    const row = this.#get.get(key) as { value: number } | undefined;
    return row?.value ?? 0;
  }

  set(key: string, value: number): void {
    this.#set.run(key, value);
  }
}
