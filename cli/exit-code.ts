/** What the process ends with, by what went wrong (contract 6). */
import { CannotWriteError, ConfigError, InputError, UnavailableError } from '../contracts/errors.ts';

export const EXIT = {
  done: 0,
  input: 1,
  usage: 2,
  ours: 70,
  cannotWrite: 73,
  tryLater: 75,
  configuration: 78,
} as const;

/** Errors of the file system that mean: cannot be written here. */
const WRITE_CODES: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR', 'ENOTDIR']);

export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT.configuration;
  if (error instanceof InputError) return EXIT.input;
  if (error instanceof CannotWriteError) return EXIT.cannotWrite;
  if (error instanceof UnavailableError) return EXIT.tryLater;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WRITE_CODES.has(code) ? EXIT.cannotWrite : EXIT.ours;
}

/** One line for what is expected; our own faults come with where they happened. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return exitCodeOf(error) === EXIT.ours ? (error.stack ?? error.message) : error.message;
}
