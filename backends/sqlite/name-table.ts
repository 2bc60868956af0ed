import type { Database } from './open-database.ts';

/**
 * Names of sites, devices and signals as small numbers. New names are stored by the transaction that first uses
 * them; after one that failed, `forget` makes the table look again.
 */
export class NameTable {
  readonly #ids = new Map<string, number>();
  readonly #find;
  readonly #insert;

  constructor(database: Database) {
    this.#find = database.prepare('SELECT id FROM name WHERE text = ?');
    this.#insert = database.prepare('INSERT INTO name (text) VALUES (?)');
  }

  /** The number of a name, made where there is none; only within a transaction. */
  idOf(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const id = Number(this.#insert.run(name).lastInsertRowid);
    this.#ids.set(name, id);
    return id;
  }

  /** The number of a name that is known already. */
  find(name: string): number | undefined {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const row = this.#find.get(name) as { id: number } | undefined;
    if (row !== undefined) this.#ids.set(name, row.id);
    return row?.id;
  }

  forget(): void {
    this.#ids.clear();
  }
}
