/** What is checked each time the store is opened: what is cheap however large the file, and all of a small one. */
import { crc32 } from 'node:zlib';
import { DatabaseSync } from '@photostructure/sqlite';
import { damagedFile, damagedRow } from './damage.ts';
import type { Database } from './database.ts';
import type { FileLook } from './file-look.ts';
import { NEXT_OFFSET } from './log-bounds.ts';
import { addFunctions, type Schema } from './migrate.ts';
import { SettingsTable } from './settings-table.ts';

/** Setting: 1 while a writer has the file open. Whoever finds it with no write-ahead log beside it has lost that log. */
export const RUN_OPEN = 'run.open';

/** Up to this size every page is looked at: a third of a second at most. */
const QUICK_CHECK_BYTES = 128 * 1_048_576;
/** Small tables that give numbers their meaning: what is wrong in them is wrong everywhere. */
const DICTIONARIES = ['setting', 'name', 'stream', 'stream_signal', 'signal_set', 'mean_series'];
const TAIL_ROWS = 16;

function definitions(database: Database): string[] {
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all();
  return rows.map((row) =>
    Object.values(row as Record<string, unknown>)
      .join(' ')
      .replaceAll(/\s+/g, ' '),
  );
}

const expected = new WeakMap<Schema, readonly string[]>();

function expectedDefinitions(schema: Schema): readonly string[] {
  const known = expected.get(schema);
  if (known !== undefined) return known;
  const model = new DatabaseSync(':memory:');
  addFunctions(model, schema);
  for (const migration of schema.migrations) model.exec(migration);
  const made = definitions(model);
  model.close();
  expected.set(schema, made);
  return made;
}

/** @throws ConfigError where the tables are not those of this version: a damaged first page reads like other tables */
export function expectSchema(database: Database, path: string, schema: Schema): void {
  const made = definitions(database);
  const wanted = expectedDefinitions(schema);
  const missing = wanted.find((definition) => !made.includes(definition));
  const strange = made.find((definition) => !wanted.includes(definition));
  if (missing === undefined && strange === undefined) return;
  throw damagedFile(path, `has other tables than it should: ${(strange ?? missing ?? '').slice(0, 120)}`);
}

function expectSoundPages(database: Database, path: string, look: FileLook): void {
  const isSmall = look.bytes + look.walBytes <= QUICK_CHECK_BYTES;
  const checks = isSmall || look.isShort ? ['quick_check(1)'] : [];
  for (const check of [...checks, ...DICTIONARIES.map((table) => `integrity_check(${table})`)]) {
    const row = database.prepare(`PRAGMA ${check}`).get() as Record<string, unknown> | undefined;
    const answer = String(Object.values(row ?? {})[0]);
    if (answer !== 'ok') throw damagedFile(path, `is damaged (${answer})`);
  }
}

interface TailRow {
  readonly first: number;
  readonly entries: number;
  readonly checksum: number;
  readonly body: Uint8Array;
}

/** The newest rows of the log are whole, without a gap, and reach as far as detection has read. */
function expectSoundTail(database: Database, path: string, settings: SettingsTable): void {
  const rows = database
    .prepare(`SELECT first, entries, checksum, body FROM log ORDER BY first DESC LIMIT ${String(TAIL_ROWS)}`)
    .all() as unknown as TailRow[];
  for (const { first, entries, checksum, body } of rows) {
    if (crc32(body) !== checksum) {
      throw damagedRow(path, 'log', `entries ${String(first)} to ${String(first + entries - 1)}`);
    }
  }
  const [last] = rows;
  const next = last === undefined ? 0 : last.first + last.entries;
  const read = settings.get(NEXT_OFFSET);
  if (read > next) {
    throw damagedFile(
      path,
      `has lost the end of its log: detection had read ${String(read)} records of ${String(next)}`,
    );
  }
}

/**
 * @throws ConfigError where the write-ahead log of a run that did not end well is gone, and acknowledged reports with it
 */
export function expectWriteAheadLog(path: string, walBytes: number, settings: SettingsTable): void {
  if (walBytes > 0 || settings.get(RUN_OPEN) === 0) return;
  throw damagedFile(
    path,
    `was not closed by its last run, and the write-ahead log beside it (${path}-wal) is gone: the newest reports were in it`,
  );
}

/** Every page of a small file. @throws ConfigError */
export function expectSoundFile(database: Database, path: string): void {
  const row = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string } | undefined;
  if (row?.integrity_check !== 'ok') throw damagedFile(path, `is damaged (${row?.integrity_check ?? 'no answer'})`);
}

/** Checks a store of the present version. @throws ConfigError */
export function expectSoundStore(database: Database, path: string, look: FileLook): void {
  const settings = new SettingsTable(database);
  expectSoundPages(database, path, look);
  expectWriteAheadLog(path, look.walBytes, settings);
  expectSoundTail(database, path, settings);
}
