import type { Database } from './database.ts';

/**
 * Names of sites, devices and signals as small numbers. New names are stored by the transaction that first uses
 * them; after one that failed, `forget` makes the table look again.
 */
export class NameTable {
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();
  readonly #find;
  readonly #findText;
  readonly #insert;

  constructor(database: Database) {
    this.#find = database.prepare('SELECT id FROM name WHERE text = ?');
    this.#findText = database.prepare('SELECT text FROM name WHERE id = ?');
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

  /** The name of a number; empty where there is none. */
  nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const row = this.#findText.get(id) as { text: string } | undefined;
    if (row !== undefined) this.#names.set(id, row.text);
    return row?.text ?? '';
  }

  forget(): void {
    this.#ids.clear();
    this.#names.clear();
  }
}
