/**
 * A copy of a data folder as it was at one moment, made by another process while the server goes on.
 *
 * `VACUUM INTO` reads one snapshot of the database; in WAL mode nobody waits for it. So the copy ends between two
 * transactions: an append is in it as a whole or not at all, and detection with everything that it had made by then.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { CannotWriteError, ConfigError } from '../../contracts/errors.ts';
import { describeFile, syncPath, writeManifest, type BackupFile, type BackupManifest } from './backup-manifest.ts';
import { checkContent } from './content-check.ts';
import { CREDENTIALS_SCHEMA } from './credentials-schema.ts';
import { damagedFile } from './damage.ts';
import type { Database } from './database.ts';
import { LOG_FIRST, NEXT_OFFSET } from './log-bounds.ts';
import { checkedVersion, type Schema } from './migrate.ts';
import { checkDatabase, DATABASE_FILE, openChecked } from './open-database.ts';
import { createPrivateFile } from './private-files.ts';
import { STORE_SCHEMA } from './schema.ts';
import { CREDENTIALS_FILE, credentialFaults } from './sqlite-credentials.ts';
import { guarded } from './sqlite-errors.ts';
import { RUN_OPEN } from './start-check.ts';

/** Of the demo's plants, so that their history goes on. */
const DEMO_FILE = 'demo.json';
/** In the data folder: when the last backup was made. */
export const LAST_BACKUP_FILE = 'last-backup.json';
const BUSY_TIMEOUT_MS = 30_000;
const MOST_FAULTS = 20;

export interface BackupRequest {
  readonly folder: string;
  readonly target: string;
  /** Of this program, for the manifest. */
  readonly version: string;
  readonly now: () => number;
}

/** What is noted of the last backup. */
export interface LastBackup {
  readonly at: string;
  readonly folder: string;
  readonly next: number;
}

function prepareTarget(target: string): void {
  const isThere = existsSync(target);
  if (isThere && !statSync(target).isDirectory()) throw new CannotWriteError(`${target} is no folder.`);
  if (isThere && readdirSync(target).length > 0) {
    throw new CannotWriteError(`${target} is not empty: name a new folder for each backup.`);
  }
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CannotWriteError(`Cannot make ${target}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Copies one database on a snapshot; the copy is one file, with no log beside it. @returns its version */
function copyDatabase(from: string, to: string, schema: Schema): number {
  let version = 0;
  const source = openChecked(from, { readOnly: true }, (database) => {
    database.exec(`PRAGMA busy_timeout = ${String(BUSY_TIMEOUT_MS)}`);
    version = checkedVersion(database, from, schema);
  });
  try {
    createPrivateFile(to);
    guarded(`copy ${from} to ${to}`, () => source.prepare('VACUUM INTO ?').run(to));
  } finally {
    source.close();
  }
  return version;
}

/** Takes back that a run is on: it is not on in the copy. */
function markClosed(path: string): void {
  guarded(`write ${path}`, () => {
    const copy = new DatabaseSync(path);
    try {
      // Without a checksum, which is what a row of any version may be.
      copy.exec(`PRAGMA synchronous = FULL; DELETE FROM setting WHERE key = '${RUN_OPEN}'`);
    } finally {
      copy.close();
    }
  });
}

/** Everything that is wrong with a database of the store that no process writes, at most 20 lines. */
export function storeFaults(database: Database, path: string): readonly string[] {
  const faults = [...checkDatabase(database)];
  const isPresent = checkedVersion(database, path, STORE_SCHEMA) === STORE_SCHEMA.migrations.length;
  if (faults.length > 0 || !isPresent) return faults;
  for (const slice of checkContent(database)) {
    faults.push(...slice);
    if (faults.length >= MOST_FAULTS) break;
  }
  return faults.slice(0, MOST_FAULTS);
}

function expectNone(path: string, faults: readonly string[]): void {
  if (faults.length > 0) throw damagedFile(path, `is damaged: ${faults.join('; ')}`);
}

/** @throws ConfigError where a copy is not sound */
export function expectSoundCopies(folder: string): void {
  const store = join(folder, DATABASE_FILE);
  const copy = openChecked(store, { readOnly: true }, () => undefined);
  try {
    expectNone(store, storeFaults(copy, store));
  } finally {
    copy.close();
  }
  const credentials = join(folder, CREDENTIALS_FILE);
  if (existsSync(credentials)) expectNone(credentials, credentialFaults(credentials));
}

function extent(path: string): Pick<BackupManifest, 'log' | 'detection'> {
  const copy = openChecked(path, { readOnly: true }, () => undefined);
  try {
    const get = copy.prepare('SELECT value FROM setting WHERE key = ?');
    const setting = (key: string): number => (get.get(key) as { value: number } | undefined)?.value ?? 0;
    const last = copy
      .prepare('SELECT first + entries AS next, last_received AS at FROM log ORDER BY first DESC LIMIT 1')
      .get() as { next: number; at: number } | undefined;
    return {
      log: {
        first: setting(LOG_FIRST),
        next: last?.next ?? 0,
        lastReceived: last === undefined ? null : new Date(last.at).toISOString(),
      },
      detection: { next: setting(NEXT_OFFSET) },
    };
  } finally {
    copy.close();
  }
}

async function fill({ folder, target, version, now }: BackupRequest): Promise<BackupManifest> {
  const madeAt = new Date(now()).toISOString();
  const names = [DATABASE_FILE];
  const store = copyDatabase(join(folder, DATABASE_FILE), join(target, DATABASE_FILE), STORE_SCHEMA);
  markClosed(join(target, DATABASE_FILE));
  let credentials: number | null = null;
  if (existsSync(join(folder, CREDENTIALS_FILE))) {
    credentials = copyDatabase(join(folder, CREDENTIALS_FILE), join(target, CREDENTIALS_FILE), CREDENTIALS_SCHEMA);
    names.push(CREDENTIALS_FILE);
  }
  if (existsSync(join(folder, DEMO_FILE))) {
    copyFileSync(join(folder, DEMO_FILE), join(target, DEMO_FILE));
    createPrivateFile(join(target, DEMO_FILE));
    names.push(DEMO_FILE);
  }
  for (const name of names) syncPath(join(target, name));
  expectSoundCopies(target);
  const files: BackupFile[] = [];
  for (const name of names) files.push(await describeFile(target, name));
  const schema = { store, credentials };
  return writeManifest(target, { version, madeAt, schema, ...extent(join(target, DATABASE_FILE)), files });
}

function noteBackup({ folder, target }: BackupRequest, { madeAt, log }: BackupManifest): void {
  const note: LastBackup = { at: madeAt, folder: target, next: log.next };
  const path = join(folder, LAST_BACKUP_FILE);
  try {
    writeFileSync(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    // Of a full disk, say, a backup is worth the most: it is made, and only `doctor` will not know of it.
    if ((error as { code?: string }).code === undefined) throw error;
  }
}

/**
 * Makes a backup in a new or empty folder, and looks through all of it before it says that it is one.
 * @throws CannotWriteError where it cannot be written, or the folder holds something; nothing of it is left then
 * @throws ConfigError where there is no such data folder, or it is damaged
 */
export async function makeBackup(request: BackupRequest): Promise<BackupManifest> {
  const { folder, target } = request;
  if (!existsSync(join(folder, DATABASE_FILE))) {
    throw new ConfigError([`There is no ${join(folder, DATABASE_FILE)}: nothing to back up. Name the data folder.`]);
  }
  prepareTarget(target);
  let manifest: BackupManifest;
  try {
    manifest = await fill(request);
  } catch (error) {
    for (const name of readdirSync(target)) rmSync(join(target, name), { recursive: true, force: true });
    throw error;
  }
  noteBackup(request, manifest);
  return manifest;
}
