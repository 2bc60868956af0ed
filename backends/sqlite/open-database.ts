/** Opens the one database file of the embedded mode: private, checked, and brought to the present version. */
import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import type { Database } from './database.ts';
import { checkedVersion, migrate } from './migrate.ts';
import { createPrivateFile, createPrivateFolder } from './private-files.ts';
import { STORE_SCHEMA } from './schema.ts';
import { guarded, isBusy, isDamage, sqliteCode } from './sqlite-errors.ts';

export type { Database } from './database.ts';

const DATABASE_FILE = 'stackwarden.db';

const BUSY_TIMEOUT_MS = 5_000;
const CHECKPOINT_PAGES = 4_000;
const LEFTOVER_WAL_BYTES = 64 * 1_048_576;
const WRITER_CACHE_KIB = 32_768;
const READER_CACHE_KIB = 16_384;
const READER_MMAP_BYTES = 256 * 1_048_576;
/** Above this size the check after a crash would cost the start seconds; `checkDatabase` still does it on demand. */
const QUICK_CHECK_BYTES = 128 * 1_048_576;

export function databasePath(folder: string): string {
  return join(folder, DATABASE_FILE);
}

function damaged(path: string, what: string): ConfigError {
  return new ConfigError([
    `${path} ${what}. Restore the folder from a backup (stackwarden restore DIR); keep the damaged file for analysis.`,
  ]);
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

function checkAfterCrash(database: Database, path: string): void {
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string } | undefined;
  if (row?.quick_check !== 'ok') throw damaged(path, `is damaged (${row?.quick_check ?? 'no answer'})`);
}

/** SQLite leaves bytes in the write-ahead log exactly when {@link closeDatabase} was not reached. */
function wasClosedCleanly(path: string): boolean {
  return !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0;
}

function prepareForWriting(database: Database, path: string, clean: boolean): void {
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA foreign_keys = ON;`,
  );
  checkedVersion(database, path, STORE_SCHEMA);
  // FULL: a commit has returned only when it survives a power cut; that is what an acknowledgement promises.
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};` +
      `PRAGMA journal_size_limit = ${LEFTOVER_WAL_BYTES};`,
  );
  if (!clean && statSync(path).size <= QUICK_CHECK_BYTES) checkAfterCrash(database, path);
  migrate(database, path, STORE_SCHEMA);
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
    if (isDamage(error)) throw damaged(path, `is no database, or a damaged one (${(error as Error).message})`);
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
export function openForWriting(folder: string): Database {
  createPrivateFolder(folder);
  const path = databasePath(folder);
  const clean = wasClosedCleanly(path);
  createPrivateFile(path);
  return openChecked(path, { readOnly: false }, (database) => {
    prepareForWriting(database, path, clean);
  });
}

/**
 * Opens the database of a data folder for reading, beside its writer or without one.
 * @throws ConfigError where there is no such file, or it is damaged, foreign or of another version
 */
export function openForReading(folder: string): Database {
  const path = databasePath(folder);
  if (!existsSync(path)) throw new ConfigError([`There is no ${path}. Start stackwarden with this data folder first.`]);
  return openChecked(path, { readOnly: true }, (database) => {
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${READER_CACHE_KIB}; PRAGMA mmap_size = ${READER_MMAP_BYTES};` +
        'PRAGMA query_only = ON;',
    );
    const version = checkedVersion(database, path, STORE_SCHEMA);
    if (version < STORE_SCHEMA.migrations.length) {
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
