/** Opens the one database file of the embedded mode: private, checked, and brought to the present version. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { createPrivateFile, createPrivateFolder } from './private-files.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { guarded, isBusy, isDamage, sqliteCode } from './sqlite-errors.ts';

export type Database = DatabaseSyncInstance;

export const DATABASE_FILE = 'stackwarden.db';

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

/** The one number that a statement yields, as PRAGMAs do. */
function numberOf(database: Database, sql: string): number {
  const row = database.prepare(sql).get() as Record<string, unknown> | undefined;
  return Number(Object.values(row ?? {})[0] ?? 0);
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

function refuseForeign(database: Database, path: string): void {
  const tables = numberOf(database, 'SELECT count(*) FROM sqlite_schema');
  if (tables > 0 && numberOf(database, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new ConfigError([`${path} is a database of another program. Name another data folder.`]);
  }
}

function refuseNewer(database: Database, path: string): number {
  const version = numberOf(database, 'PRAGMA user_version');
  if (version <= MIGRATIONS.length) return version;
  throw new ConfigError([
    `${path} has schema version ${version}, this program knows up to ${MIGRATIONS.length}: ` +
      'it was written by a newer stackwarden. Install that version, or restore a backup from before the upgrade.',
  ]);
}

function migrate(database: Database, path: string): void {
  for (let version = refuseNewer(database, path); version < MIGRATIONS.length; version += 1) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(MIGRATIONS[version] ?? '');
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** SQLite leaves bytes in the write-ahead log exactly when {@link closeDatabase} was not reached. */
function wasClosedCleanly(path: string): boolean {
  return !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0;
}

function prepareForWriting(database: Database, path: string, clean: boolean): void {
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA foreign_keys = ON;`,
  );
  refuseForeign(database, path);
  refuseNewer(database, path);
  // FULL: a commit has returned only when it survives a power cut; that is what an acknowledgement promises.
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};` +
      `PRAGMA journal_size_limit = ${LEFTOVER_WAL_BYTES};`,
  );
  if (!clean && statSync(path).size <= QUICK_CHECK_BYTES) checkAfterCrash(database, path);
  migrate(database, path);
}

function openChecked(
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
    refuseForeign(database, path);
    const version = refuseNewer(database, path);
    if (version < MIGRATIONS.length) {
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
