/** Opens the one database file of the embedded mode: private, checked, and brought to the present version. */
import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { damagedFile } from './damage.ts';
import type { Database } from './database.ts';
import { lookAtFile, sizeOf, type FileLook } from './file-look.ts';
import { checkedVersion, migrate, type Schema } from './migrate.ts';
import { createPrivateFile, createPrivateFolder } from './private-files.ts';
import { STORE_SCHEMA } from './schema.ts';
import { SettingsTable } from './settings-table.ts';
import { guarded, isBusy, isDamage, sqliteCode } from './sqlite-errors.ts';
import { expectSoundLog } from './wal-look.ts';
import { expectSchema, expectSoundStore, expectWriteAheadLog, RUN_OPEN } from './start-check.ts';

export type { Database } from './database.ts';

export const DATABASE_FILE = 'stackwarden.db';

const BUSY_TIMEOUT_MS = 5_000;
const CHECKPOINT_PAGES = 4_000;
const LEFTOVER_WAL_BYTES = 64 * 1_048_576;
const WRITER_CACHE_KIB = 32_768;
const READER_CACHE_KIB = 16_384;
const READER_MMAP_BYTES = 256 * 1_048_576;
/** A restore is under way in the folder, or broke off. */
export const RESTORING_FOLDER = 'restoring';

export function databasePath(folder: string): string {
  return join(folder, DATABASE_FILE);
}

/**
 * Checks every page of a database; what is wrong, at most 20 lines, empty where nothing is.
 * Cost: reads the whole file.
 */
export function checkDatabase(database: Database): readonly string[] {
  try {
    const rows = database.prepare('PRAGMA integrity_check(20)').all() as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [error instanceof Error ? error.message : String(error)];
  }
}

function prepareForWriting(database: Database, path: string, look: FileLook, schema: Schema): void {
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA foreign_keys = ON;`,
  );
  checkedVersion(database, path, schema);
  // FULL: a commit has returned only when it survives a power cut; that is what an acknowledgement promises.
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};` +
      `PRAGMA journal_size_limit = ${LEFTOVER_WAL_BYTES};`,
  );
  migrate(database, path, schema);
  expectSchema(database, path, schema);
  expectSoundStore(database, path, look);
  markOpen(database);
}

const writers = new WeakSet<Database>();

/**
 * Says in the file that a run is on. Copied into the file itself and left in the write-ahead log as well: so that log
 * is never empty until the database is closed, and its loss shows.
 */
function markOpen(database: Database): void {
  new SettingsTable(database).set(RUN_OPEN, 1);
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  writers.add(database);
}

/** Opens a file and prepares it; what fails leaves as the error that says what to do, and closes it again. */
export function openChecked(
  path: string,
  options: { readonly readOnly: boolean },
  prepare: (database: Database) => void,
): Database {
  const database = guarded(`open ${path}`, () => new DatabaseSync(path, options));
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    if (isDamage(error)) throw damagedFile(path, `is no database, or a damaged one (${(error as Error).message})`);
    if (isBusy(error)) throw new UnavailableError(`${path} is in use by another process`, { cause: error });
    return guarded(`open ${path}`, () => {
      throw error;
    });
  }
}

/**
 * Opens the database of a data folder for its one writer; creates folder and file where there are none, and brings an
 * older schema up to date.
 * @throws ConfigError where the file is damaged, foreign or of a newer version
 * @throws CannotWriteError where the folder cannot be written
 * @throws UnavailableError where another writer is at it
 */
export function openForWriting(folder: string, schema: Schema = STORE_SCHEMA): Database {
  createPrivateFolder(folder);
  expectNoRestore(folder);
  const path = databasePath(folder);
  return openOrMake(path, (database, look) => {
    prepareForWriting(database, path, look, schema);
  });
}

function madeMark(path: string): string {
  return path.replace(/[.]db$/, '.made');
}

/**
 * Opens a file, or makes it. A mark is left beside it once it was made: so a database that is gone is no new one.
 * @throws as {@link openForWriting} does
 */
export function openOrMake(path: string, prepare: (database: Database, look: FileLook) => void): Database {
  const made = madeMark(path);
  const look = lookAtFile(path, existsSync(made));
  if (look.walBytes > 0) expectSoundLog(path);
  createPrivateFile(path);
  const database = openChecked(path, { readOnly: false }, (opened) => {
    prepare(opened, look);
  });
  createPrivateFile(made);
  return database;
}

/** @throws ConfigError where a restore into the folder broke off */
function expectNoRestore(folder: string): void {
  const place = join(folder, RESTORING_FOLDER);
  if (!existsSync(place)) return;
  throw new ConfigError([`A restore into ${folder} did not come to its end (${place} is there). Run it again.`]);
}

/**
 * Looks at the files without opening them; false where there is no system in the folder yet.
 * @throws ConfigError where something is gone or cut off
 */
export function lookAtFolder(folder: string): boolean {
  const path = databasePath(folder);
  return lookAtFile(path, existsSync(madeMark(path))).bytes > 0;
}

/** Looks twice: a server may be starting or ending just now. @throws ConfigError as {@link expectWriteAheadLog} does */
function expectLogOfRun(database: Database, path: string): void {
  const settings = new SettingsTable(database);
  if (settings.get(RUN_OPEN) === 0 || sizeOf(`${path}-wal`) > 0) return;
  expectWriteAheadLog(path, sizeOf(`${path}-wal`), settings);
}

/** Opens a store for looking through it, of the present version or an older one. @throws ConfigError */
export function openAnyVersion(folder: string): {
  readonly database: Database;
  readonly path: string;
  readonly version: number;
  readonly present: number;
} {
  const path = databasePath(folder);
  let version = 0;
  const database = openChecked(path, { readOnly: true }, (opened) => {
    opened.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${READER_CACHE_KIB}`);
    version = checkedVersion(opened, path, STORE_SCHEMA);
    if (version < STORE_SCHEMA.migrations.length) return;
    expectSchema(opened, path, STORE_SCHEMA);
    expectLogOfRun(opened, path);
  });
  return { database, path, version, present: STORE_SCHEMA.migrations.length };
}

/**
 * Opens the database of a data folder for reading, beside its writer or without one.
 * @throws ConfigError where there is no such file, or it is damaged, foreign or of another version
 */
export function openForReading(folder: string, schema: Schema = STORE_SCHEMA): Database {
  const path = databasePath(folder);
  if (!existsSync(path)) throw new ConfigError([`There is no ${path}. Start stackwarden with this data folder first.`]);
  return openChecked(path, { readOnly: true }, (database) => {
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${READER_CACHE_KIB}; PRAGMA mmap_size = ${READER_MMAP_BYTES};` +
        'PRAGMA query_only = ON;',
    );
    const version = checkedVersion(database, path, schema);
    if (version === schema.migrations.length) expectSchema(database, path, schema);
    if (version < schema.migrations.length) {
      throw new ConfigError([
        `${path} has the older schema version ${version}. Start stackwarden once to bring it up to date.`,
      ]);
    }
  });
}

/** Closes the writer's connection so that the next start finds nothing to recover. */
export function closeDatabase(database: Database): void {
  if (!database.isOpen) return;
  try {
    if (writers.delete(database)) new SettingsTable(database).set(RUN_OPEN, 0);
    // The driver's close leaves the connection to the garbage collector while prepared statements live, so the
    // write-ahead log is moved into the file here.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // A full disk, say: nothing is lost, the next start does it.
    if (sqliteCode(error) === undefined) throw error;
  } finally {
    database.close();
  }
}
