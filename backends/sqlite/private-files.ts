import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { CannotWriteError } from '../../contracts/errors.ts';

const OTHERS = 0o077;

function cannot(path: string, error: unknown): CannotWriteError {
  const why = error instanceof Error ? error.message : String(error);
  return new CannotWriteError(`Cannot write to ${path}: ${why}`, { cause: error });
}

/**
 * Creates a folder that only its owner may enter. One that exists is left as it is: it may be shared for other
 * reasons, and the files in it are private by themselves.
 * @throws CannotWriteError
 */
export function createPrivateFolder(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cannot(path, error);
  }
}

/**
 * Creates a file that only its owner may read, or takes the others' rights away. SQLite gives the files that it lays
 * beside a database (`-wal`, `-shm`) the rights of the database.
 * @throws CannotWriteError
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & 0o700);
  } catch (error) {
    throw cannot(path, error);
  }
}
