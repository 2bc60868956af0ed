import type { Finding } from '../finding.ts';
import type { Mean } from '../mean.ts';
import type { DeadLetterReason } from '../errors.ts';
import type { WireMark, WireOrder } from '../order.ts';
import type { RuleEntry } from '../rule-entry.ts';

/** One report as it is kept for reading back: a row per device, instant and period. */
export interface Sample {
  readonly site: string;
  readonly device: string;
  readonly ts: number;
  /** 0 for an instant. */
  readonly periodMs: number;
  readonly received: number;
  readonly signals: readonly string[];
  /** Same order as `signals`. Numbers (of a period: the mean, or the sum of a count), or text. */
  readonly values: readonly (number | string)[];
  /** Data marks in the same order, one letter each: `NNM`. */
  readonly flags: string;
  /** 0 the first value of this identity, the evidence; above: a later, disputed one. */
  readonly revision: number;
}

export interface DeadLetter {
  readonly id: string;
  readonly received: number;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly topic: string;
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  /** Quarantined reports leave by themselves once their time has come. */
  readonly state: 'kept' | 'quarantined' | 'taken-in' | 'redriven';
}

export interface StoredOrder {
  readonly order: WireOrder;
  readonly enteredAt: number;
  readonly by: string;
}

export interface StoredMark {
  /** Site, subject, state and begin: the same again replaces it (a later mark ends the one before). */
  readonly id: string;
  readonly mark: WireMark;
  readonly declaredAt: number;
  readonly accepted: boolean;
  readonly by: string;
}

/** Everything that one batch of the log did; stored together with the offset or not at all. */
export interface DetectionCommit {
  /** Offset of the next record to be processed. */
  readonly nextOffset: number;
  readonly findings: readonly Finding[];
  readonly means: readonly Mean[];
  readonly samples: readonly Sample[];
  readonly deadLetters: readonly DeadLetter[];
  /** Ids of dead letters that were sent through ingest again. */
  readonly redriven?: readonly string[];
  /** Orders entered through the API, the newest form of each. */
  readonly orders: readonly StoredOrder[];
  /** Marks entered through the API or declared by devices. */
  readonly marks: readonly StoredMark[];
  /** Opaque state by key; `null` removes it. Keys sort by their text. */
  readonly state: readonly { readonly key: string; readonly value: string | null }[];
  /** Counters to add to, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** The rule catalogue, where it changed. */
  readonly rules?: readonly RuleEntry[];
}

/**
 * Where a detector keeps its offset together with what it made of the records before it.
 * A commit is atomic: after a crash either all of it is there or nothing.
 */
export interface DetectionStore {
  commit(batch: DetectionCommit): Promise<void>;
  /** Offset to go on from; 0 at first. */
  nextOffset(): Promise<number>;
  /** State entries whose key starts with `prefix`, sorted by key. */
  readState(prefix: string): Promise<readonly { readonly key: string; readonly value: string }[]>;
}
