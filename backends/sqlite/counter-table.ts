import { checksumOf, expectChecksum, type RowPlace } from './checksum.ts';
import type { Database } from './database.ts';

interface CounterRow {
  readonly name: string;
  readonly value: number;
  readonly checksum: number | null;
}

export function counterChecksum(name: string, value: number): number {
  return checksumOf(0, `${name}=${String(value)}`);
}

/** What was counted on the way, by name. */
export class CounterTable {
  readonly #place: RowPlace;
  readonly #get;
  readonly #put;
  readonly #all;

  constructor(database: Database) {
    this.#place = { database, table: 'counter' };
    this.#get = database.prepare('SELECT name, value, checksum FROM counter WHERE name = ?');
    this.#all = database.prepare('SELECT name, value, checksum FROM counter ORDER BY name');
    this.#put = database.prepare(
      'INSERT INTO counter (name, value, checksum) VALUES (?, ?, ?) ' +
        'ON CONFLICT (name) DO UPDATE SET value = excluded.value, checksum = excluded.checksum',
    );
  }

  /** Within a transaction. */
  add(name: string, added: number): void {
    const row = this.#get.get(name) as CounterRow | undefined;
    const value = (row === undefined ? 0 : this.#sound(row)) + added;
    this.#put.run(name, value, counterChecksum(name, value));
  }

  all(): Readonly<Record<string, number>> {
    const rows = this.#all.all() as CounterRow[];
    return Object.fromEntries(rows.map((row) => [row.name, this.#sound(row)]));
  }

  #sound({ name, value, checksum }: CounterRow): number {
    expectChecksum(counterChecksum(name, value), checksum, this.#place, `counter ${name}`);
    return value;
  }
}
