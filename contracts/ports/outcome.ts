import type { RuleEntry } from '../rule-entry.ts';
import type { DetectionCommit, Sample } from './detection-store.ts';

/** A part of what a detector made of a stretch of one partition of the log, as others are told of it. */
export interface Outcome {
  /** Log offsets that the commit covers: [from, next). Of the same log the same offsets never mean anything else. */
  readonly from: number;
  readonly next: number;
  /** 0, 1, … of one commit; the last one alone has counts. */
  readonly part: number;
  readonly isLast: boolean;
  readonly findings: DetectionCommit['findings'];
  readonly means: DetectionCommit['means'];
  readonly deadLetters: DetectionCommit['deadLetters'];
  readonly redriven: readonly string[];
  readonly orders: DetectionCommit['orders'];
  readonly marks: DetectionCommit['marks'];
  readonly counts: DetectionCommit['counts'];
  readonly rules?: readonly RuleEntry[];
}

/** Reads the messages that outcomes and values travel in. */
export interface OutcomeReader {
  /** @returns undefined for what strangers wrote @throws UnavailableError of a message that a later version wrote */
  outcome(value: Uint8Array): Outcome | undefined;
  /** As {@link outcome}. */
  samples(value: Uint8Array): readonly Sample[] | undefined;
}

/** The export `createOutcomeReader` of a reader's module: the copy is made in a thread that loads it by its address. */
export type CreateOutcomeReader = () => OutcomeReader;
