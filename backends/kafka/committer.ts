/** How what a detector made becomes durable: all of it together with the state that says so, or nothing. */
import type { OutgoingMessage } from './durable-producer.ts';

export interface Contribution {
  readonly partition: number;
  /** Topic of the log, the offset from which on this was made, and the one behind it. */
  readonly topic: string;
  readonly from: number;
  readonly next: number;
  readonly outputs: readonly OutgoingMessage[];
  /** Behind the outputs: who finds the state finds the outputs as well. */
  readonly state: readonly OutgoingMessage[];
}

export interface Committer {
  /** @throws UnavailableError where it may or may not have happened; the committer can then be closed, nothing else */
  commit(contribution: Contribution): Promise<void>;
  close(): Promise<void>;
}

export interface CommitFigures {
  transactions: number;
  /** Entries handed to `sendOffsetsToTransaction`: the client loses about 96 bytes with each, unless it is patched. */
  offsetEntries: number;
  failed: number;
  messages: number;
  bytes: number;
}

export function createCommitFigures(): CommitFigures {
  return { transactions: 0, offsetEntries: 0, failed: 0, messages: 0, bytes: 0 };
}
