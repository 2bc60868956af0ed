/** Errors between threads: a structured clone keeps the text and loses what the error means. */
import { CannotWriteError, ConfigError, InputError, InvariantError, UnavailableError } from '../../contracts/errors.ts';

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly problems: readonly string[] | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), stack: undefined, problems: undefined };
  const problems = error instanceof ConfigError ? error.problems : undefined;
  return { name: error.name, message: error.message, stack: error.stack, problems };
}

function made({ name, message, problems }: PlainError): Error {
  switch (name) {
    case 'ConfigError':
      return new ConfigError(problems ?? [message]);
    case 'UnavailableError':
      return new UnavailableError(message);
    case 'CannotWriteError':
      return new CannotWriteError(message);
    case 'InputError':
      return new InputError(message);
    case 'InvariantError':
      return new InvariantError(message);
    default:
      return new Error(message);
  }
}

/** The error as it was thrown in the other thread, its stack included. */
export function fromPlainError(plain: PlainError): Error {
  const error = made(plain);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
