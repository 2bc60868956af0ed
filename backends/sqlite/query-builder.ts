import type { StatementSyncInstance } from '@photostructure/sqlite';
import type { Page, PageRequest } from '../../contracts/ports/read-model.ts';
import type { RowPlace } from './checksum.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Database } from './database.ts';

export type Parameter = string | number | null;

/** Conditions of a query with their parameters, in order. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly parameters: Parameter[] = [];

  add(condition: string, ...parameters: Parameter[]): void {
    this.#parts.push(condition);
    this.parameters.push(...parameters);
  }

  /** `column` is one of `values`; no condition where they are absent, none fits where they are empty. */
  oneOf(column: string, values: readonly string[] | undefined): void {
    if (values === undefined) return;
    if (values.length === 1) this.add(`${column} = ?`, values[0] ?? '');
    else this.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  }

  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}

/** A list that is read page by page, newest first. */
export interface NewestFirst {
  /** Of the list, for its cursors. */
  readonly name: string;
  /** `SELECT … FROM …`; its rows are {@link PageRow}s and more. */
  readonly select: string;
  /** The columns behind `at` and `id`. */
  readonly at: string;
  readonly id: string;
}

/** What every row of such a list holds: when it was, and what breaks ties. */
export interface PageRow {
  readonly at: number;
  readonly id: string;
}

const MAX_STATEMENTS = 200;

/** Runs queries whose text depends on what is asked for. */
export class Queries {
  readonly #database: Database;
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(database: Database) {
    this.#database = database;
  }

  statement(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.statement(sql).all(...parameters) as Row[];
  }

  /** A table, for what is said where a row of it is damaged. */
  place(table: string): RowPlace {
    return { database: this.#database, table };
  }

  /** The first row; `undefined` where there is none. */
  get(sql: string, ...parameters: Parameter[]): unknown {
    return this.statement(sql).get(...parameters);
  }

  /** One page; rows that come while someone pages are before or behind it, never in the way. */
  page<Row extends PageRow>(list: NewestFirst, conditions: Conditions, { limit, cursor }: PageRequest): Page<Row> {
    const { at, id } = list;
    const after = readCursor(list.name, cursor);
    if (after !== undefined) conditions.add(`${at} <= ? AND (${at} < ? OR ${id} > ?)`, after[0], after[0], after[1]);
    const sql = `${list.select} ${conditions.where} ORDER BY ${at} DESC, ${id} LIMIT ?`;
    const rows = this.all<Row>(sql, ...conditions.parameters, limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      items: rows.slice(0, limit),
      next: last === undefined ? null : writeCursor(list.name, [last.at, last.id]),
    };
  }
}
