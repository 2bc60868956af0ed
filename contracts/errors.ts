/** The errors that cross a boundary, named by what happens next; codes are for ever. */

/** Why a message became a dead letter. Closed: a reason is never reused for something else. */
export const DEAD_LETTER_REASONS = [
  'payload-not-utf8',
  'payload-not-json',
  'payload-too-long',
  'report-invalid',
  'instant-invalid',
  'value-kind-wrong',
  'site-unknown',
  'device-unknown',
  'signal-unknown',
  'topic-invalid',
  'topic-not-own',
  'clock-future',
  'clock-far-future',
  'detector-failed',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** A rejected report: counted, kept as a dead letter, and everything else goes on. */
export interface Rejection {
  readonly reason: DeadLetterReason;
  /** What was seen, what was expected, what to do. */
  readonly detail: string;
}

/** What was started with does not fit: all problems at once. Exit code 78 for configuration, 1 for input files. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** A server, port or folder is away or in use; trying later may help. Exit code 75. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  /** How long the server asked to be left alone; absent where it did not say. */
  declare readonly retryAfterMs?: number;
  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {}) {
    super(message, options);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** Something cannot be written: disk full, no permission. Exit code 73. */
export class CannotWriteError extends Error {
  override readonly name = 'CannotWriteError';
}

/** The caller asked for something that cannot be; the message says what would be. Exit code 1, HTTP 4xx. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Our bug: the process ends and a supervisor starts it again from the last commit. Exit code 70. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
