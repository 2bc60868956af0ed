import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '../../contracts/errors.ts';
import { createPrivateFile, createPrivateFolder } from './private-files.ts';
import { isBusy, toStoreError } from './sqlite-errors.ts';

const LOCK_FILE = 'stackwarden.lock';
const HOLDER_FILE = 'stackwarden.pid';

/** A held lock of a data folder. */
export interface FolderLock {
  release(): void;
}

/** A short look at the lock by the doctor keeps nobody from starting. */
const PATIENCE_MS = 250;

/** Who took the lock last; 0 where that is not known. The file stays behind: the lock alone is what counts. */
function lastHolder(folder: string): number {
  const path = join(folder, HOLDER_FILE);
  const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  return Number.isInteger(pid) && pid > 0 ? pid : 0;
}

function holder(folder: string): string {
  const pid = lastHolder(folder);
  return pid > 0 ? `process ${pid}` : 'another process';
}

/**
 * Number of the process that has the folder, 0 where it is not known; `undefined` where none has it. Takes nothing and
 * writes nothing.
 */
export function folderHolder(folder: string): number | undefined {
  const path = join(folder, LOCK_FILE);
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('SELECT count(*) FROM sqlite_schema');
    return undefined;
  } catch (error) {
    if (!isBusy(error)) throw toStoreError(error, `look at ${path}`);
    return lastHolder(folder);
  } finally {
    database.close();
  }
}

/**
 * Locks a data folder for this process; creates the folder where there is none.
 *
 * The lock is the operating system's on a small file, taken through SQLite's exclusive transaction: it ends with the
 * process however that ends, so a killed holder never blocks the next one. The file with the process number only
 * serves the message.
 * @throws UnavailableError where another process holds it
 */
export function lockFolder(folder: string): FolderLock {
  createPrivateFolder(folder);
  const path = join(folder, LOCK_FILE);
  createPrivateFile(path);
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS });
  try {
    // No prepared statements here: the driver closes a connection at once only when it has none.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw toStoreError(error, `lock ${path}`);
    throw new UnavailableError(
      `The data folder ${folder} is in use by ${holder(folder)}. Stop it first, or name another folder.`,
      {
        cause: error,
      },
    );
  }
  createPrivateFile(join(folder, HOLDER_FILE));
  writeFileSync(join(folder, HOLDER_FILE), String(process.pid));
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}
