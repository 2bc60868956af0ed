/** What the main thread and the store thread say to each other. */
import type { PackedBlock } from './entry-block.ts';
import type { PlainError } from './error-transfer.ts';
import type { RetentionPolicy } from './retention.ts';
import type { ThreadAnswer } from './thread-calls.ts';

export interface StoreThreadData {
  readonly folder: string;
  /** What runs beside the log in its thread; absent = nothing. */
  readonly detector?: { readonly module: string; readonly init: unknown };
  /** One 32-bit number: appends that were posted and not yet taken. */
  readonly waiting: SharedArrayBuffer;
}

/** A question to the log, answered in its turn. */
export type LogQuestion =
  | readonly ['read', fromOffset: number, limit: number]
  | readonly ['readSite', site: string, fromOffset: number, toOffset: number]
  | readonly ['bounds'];

export type ToStore =
  | { readonly type: 'append'; readonly id: number; readonly blocks: readonly PackedBlock[] }
  | { readonly type: 'ask'; readonly id: number; readonly question: LogQuestion }
  | { readonly type: 'retain'; readonly id: number; readonly policy: RetentionPolicy; readonly now: number }
  | { readonly type: 'detector'; readonly message: unknown }
  | { readonly type: 'close' };

/** How far detection is, after a commit of it. */
export interface Progress {
  readonly nextOffset: number;
  /** Number of the newest change, as in `ChangeEvent.seq`. */
  readonly lastChange: number;
}

export type FromStore =
  | ThreadAnswer
  | ({ readonly type: 'progress' } & Progress)
  | { readonly type: 'troubled'; readonly error: PlainError }
  | { readonly type: 'detector'; readonly message: unknown };
