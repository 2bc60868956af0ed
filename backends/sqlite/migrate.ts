import { ConfigError } from '../../contracts/errors.ts';
import type { Database } from './database.ts';

/** The tables of a kind of file. */
export interface Schema {
  /** Entry n leads from version n to n + 1. A released entry is never edited: a change is a new entry. */
  readonly migrations: readonly string[];
  /** Marks the file as ours, so that someone else's database is refused instead of changed. */
  readonly applicationId: number;
  /** Functions that its statements use, by name. */
  readonly functions?: Readonly<Record<string, (...values: never[]) => unknown>>;
}

/** "SWdn": the log and everything made of it, as `stackwarden start` keeps it. */
export const STORE_ID = 0x5357646e;
/** "SWpj": what an api process made of the topics of Kafka. */
export const PROJECTION_ID = 0x5357706a;

/** What one of ours is, where another one of ours is expected. */
const OURS: ReadonlyMap<number, string> = new Map([
  [STORE_ID, 'holds the log of a system that keeps it itself (`stackwarden start`)'],
  [PROJECTION_ID, 'holds what `stackwarden api` copied from Kafka, and no log'],
]);

/** The one number that a statement yields, as PRAGMAs do. */
function numberOf(database: Database, sql: string): number {
  const row = database.prepare(sql).get() as Record<string, unknown> | undefined;
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/**
 * The version of a file's tables; 0 of an empty file.
 * @throws ConfigError where it is of another program, or of a newer version than this one knows
 */
export function checkedVersion(database: Database, path: string, { migrations, applicationId }: Schema): number {
  const tables = numberOf(database, 'SELECT count(*) FROM sqlite_schema');
  const found = tables > 0 ? numberOf(database, 'PRAGMA application_id') : applicationId;
  if (found !== applicationId) {
    throw new ConfigError([
      `${path} ${OURS.get(found) ?? 'is a database of another program'}. Name another data folder.`,
    ]);
  }
  const version = numberOf(database, 'PRAGMA user_version');
  if (version <= migrations.length) return version;
  throw new ConfigError([
    `${path} has schema version ${version}, this program knows up to ${migrations.length}: ` +
      'it was written by a newer stackwarden. Install that version, or restore a backup from before the upgrade.',
  ]);
}

/** Makes the functions of a schema known to a connection. */
export function addFunctions(database: Database, { functions = {} }: Schema): void {
  for (const [name, act] of Object.entries(functions))
    database.function(name, { deterministic: true, varargs: true }, act);
}

/** Brings a file to the present version, each step whole or not at all. */
export function migrate(database: Database, path: string, schema: Schema): void {
  addFunctions(database, schema);
  if (checkedVersion(database, path, schema) === schema.migrations.length) return;
  for (;;) {
    database.exec('BEGIN IMMEDIATE');
    try {
      // Looked at again within the transaction: another process may have been faster.
      const version = checkedVersion(database, path, schema);
      const migration = schema.migrations[version];
      if (migration !== undefined) {
        database.exec(migration);
        database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${version + 1};`);
      }
      database.exec('COMMIT');
      if (migration === undefined) return;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
