/**
 * Puts a backup into a data folder. Copied and looked through first, in a folder of its own beside what is there; then
 * what is there is moved aside and the copy moved in, which takes no time. Should that be cut short, the folder
 * `restoring` is left, and nothing starts on it.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { CannotWriteError, ConfigError } from '../../contracts/errors.ts';
import { expectFiles, readManifest, syncPath, type BackupManifest } from './backup-manifest.ts';
import { CREDENTIALS_SCHEMA } from './credentials-schema.ts';
import { expectSoundCopies } from './folder-backup.ts';
import { lockFolder } from './folder-lock.ts';
import { DATABASE_FILE, RESTORING_FOLDER } from './open-database.ts';
import { createPrivateFile } from './private-files.ts';
import { STORE_SCHEMA } from './schema.ts';
import { guarded } from './sqlite-errors.ts';

const COPY_FOLDER = 'restore-copy';
/** What belongs to a system in its folder; the lock stays. */
const OWN =
  /^((stackwarden|credentials)[.](db(-wal|-shm|-journal)?|made)|demo[.]json|server[.]json|last-[a-z]+[.]json)$/;

export interface RestoreRequest {
  /** The backup. */
  readonly source: string;
  /** The data folder. */
  readonly folder: string;
  /** Moves aside what is in the data folder. */
  readonly force: boolean;
  readonly now: () => number;
}

export interface Restored {
  readonly manifest: BackupManifest;
  /** Where the old data went; `undefined` where there were none. */
  readonly movedTo: string | undefined;
}

function expectKnownVersion(source: string, { schema, version }: BackupManifest): void {
  const isKnown =
    schema.store <= STORE_SCHEMA.migrations.length && (schema.credentials ?? 0) <= CREDENTIALS_SCHEMA.migrations.length;
  if (isKnown) return;
  throw new ConfigError([
    `${source} was made by the newer stackwarden ${version}. Install that version to restore it.`,
  ]);
}

/**
 * Numbers of changes that were given after the backup must not be given again: who follows the live stream has seen
 * them. So the count goes on from the clock, which is always ahead of it.
 */
function skipChangeNumbers(path: string, now: number): void {
  guarded(`write ${path}`, () => {
    const copy = new DatabaseSync(path);
    try {
      copy.exec('PRAGMA synchronous = FULL');
      const moved = copy.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'change'").run(now);
      if (moved.changes === 0) copy.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('change', ?)").run(now);
    } finally {
      copy.close();
    }
  });
}

function copyFiles(source: string, copy: string, names: readonly string[]): void {
  rmSync(copy, { recursive: true, force: true });
  try {
    mkdirSync(copy, { mode: 0o700 });
    for (const name of names) {
      // Copied with the rights that it has there; nobody looks into the folder meanwhile.
      copyFileSync(join(source, name), join(copy, name));
      createPrivateFile(join(copy, name));
    }
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw new CannotWriteError(`Cannot copy ${source}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function copyBackup({ source, folder, now }: RestoreRequest, manifest: BackupManifest): Promise<string> {
  const copy = join(folder, COPY_FOLDER);
  copyFiles(
    source,
    copy,
    manifest.files.map(({ name }) => name),
  );
  try {
    await expectFiles(copy, manifest);
    expectSoundCopies(copy);
    skipChangeNumbers(join(copy, DATABASE_FILE), now());
    for (const name of readdirSync(copy)) syncPath(join(copy, name));
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw error;
  }
  return copy;
}

function moveAside(folder: string, names: readonly string[], now: number): string | undefined {
  if (names.length === 0) return undefined;
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|[.]\d+/g, '');
  const aside = join(folder, `before-restore-${stamp}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of names) renameSync(join(folder, name), join(aside, name));
  syncPath(aside);
  return aside;
}

/** The database comes last: while it is missing, nothing takes the folder for a system. */
function moveIn(from: string, folder: string): void {
  const names = readdirSync(from).sort((a, b) => Number(a === DATABASE_FILE) - Number(b === DATABASE_FILE));
  for (const name of names) renameSync(join(from, name), join(folder, name));
  rmSync(from, { recursive: true });
  syncPath(folder);
}

function ownFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => OWN.test(name));
}

/**
 * @throws InputError where the backup is none, or damaged
 * @throws ConfigError where a newer version made it
 * @throws UnavailableError where a server runs on the data folder
 * @throws CannotWriteError where the data folder is in use by older data and `force` is not said, or cannot be written
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const { source, folder, force, now } = request;
  const manifest = readManifest(source);
  expectKnownVersion(source, manifest);
  await expectFiles(source, manifest);
  const lock = lockFolder(folder);
  try {
    const old = ownFiles(folder);
    if (old.length > 0 && !force) {
      throw new CannotWriteError(
        `${folder} holds data (${old.join(', ')}). Name another folder, or say --force to move them aside.`,
      );
    }
    const copy = await copyBackup(request, manifest);
    const restoring = join(folder, RESTORING_FOLDER);
    rmSync(restoring, { recursive: true, force: true });
    renameSync(copy, restoring);
    const movedTo = moveAside(folder, old, now());
    moveIn(restoring, folder);
    return { manifest, movedTo };
  } finally {
    lock.release();
  }
}
