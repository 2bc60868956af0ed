/** What a failure of SQLite means to the caller: the only place where the driver's errors are read. */
import { CannotWriteError, ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { RESTORE_REMEDY } from './damage.ts';

// Primary result codes of SQLite (https://sqlite.org/rescode.html); extended codes carry them in the low byte.
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** The primary result code of an error of the driver; `undefined` for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'errcode');
  return typeof code === 'number' ? code & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** True where the file is no database, or not a whole one. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOTADB;
}

/**
 * The error that crosses the boundary, with the driver's as its cause. Errors that are not the driver's pass through.
 * @param what was being done, and with which file: `append to /data/stackwarden.db`
 */
export function toStoreError(error: unknown, what: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const message = `Cannot ${what}: ${error instanceof Error ? error.message : String(error)}`;
  switch (code) {
    case FULL:
      return new CannotWriteError(`${message}. Free space on this disk; it goes on by itself.`, { cause: error });
    case PERM:
    case READONLY:
    case CANTOPEN:
      return new CannotWriteError(`${message}. Check the owner and the rights of the folder.`, { cause: error });
    case BUSY:
    case LOCKED:
    case IOERR:
      return new UnavailableError(message, { cause: error });
    case CORRUPT:
    case NOTADB:
      return Object.assign(new ConfigError([`${message}. ${RESTORE_REMEDY}.`]), { cause: error });
    default:
      return error;
  }
}

/** Runs `act`; a failure of the driver leaves as the error that says what happens next. */
export function guarded<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toStoreError(error, what);
  }
}
