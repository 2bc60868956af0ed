import type { DeadLetterReason } from '../errors.ts';
import type { Category, Finding, FindingState, Severity } from '../finding.ts';
import type { Mean } from '../mean.ts';
import type { RuleEntry } from '../rule-entry.ts';
import type { DeadLetter, StoredMark, StoredOrder } from './detection-store.ts';

/** A page of a list; `next` is an opaque cursor, null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** What the asker may see; absent = everything. Applied inside every query, never after paging. */
export interface Visibility {
  readonly districts?: readonly string[];
}

export interface FindingFilter {
  readonly rules?: readonly string[];
  readonly categories?: readonly Category[];
  readonly states?: readonly FindingState[];
  readonly severities?: readonly Severity[];
  readonly sites?: readonly string[];
  readonly districts?: readonly string[];
  /** Behaviour overlaps [fromAt, toAt). */
  readonly fromAt?: number;
  readonly toAt?: number;
}

export interface MeanFilter {
  readonly site: string;
  readonly outlet?: string;
  readonly signal?: string;
  readonly average?: string;
  readonly fromAt: number;
  readonly toAt: number;
}

export const ROLL_UPS = ['mean', 'min', 'max', 'count', 'first', 'last', 'sum'] as const;
export type RollUp = (typeof ROLL_UPS)[number];

export interface SeriesQuery {
  readonly site: string;
  readonly device: string;
  readonly signal: string;
  readonly fromAt: number;
  readonly toAt: number;
  /** Absent = the values as they came. */
  readonly everyMs?: number;
  /** A begin of a window, so that days begin at local midnight; absent = windows begin at multiples of `everyMs` since 1970. */
  readonly originAt?: number;
  /** Only reports of this period; 0 = instants; absent = the finest that there is in the range. */
  readonly periodMs?: number;
  /** Refused with `InputError` where more points would come out. */
  readonly maxPoints: number;
}

export interface RawPoint {
  readonly ts: number;
  readonly periodMs: number;
  readonly value: number | string;
  readonly flag: string;
  readonly received: number;
  /** Above 0: a later value for the same instant, disputed. */
  readonly revision: number;
}

/** One roll-up window that holds at least one value; windows without data are absent: gaps stay gaps. */
export interface RolledPoint {
  readonly start: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly first: number;
  readonly last: number;
  /** How many of the values were flagged other than N. */
  readonly flagged: number;
}

export type SeriesAnswer =
  | { readonly kind: 'raw'; readonly points: readonly RawPoint[] }
  | { readonly kind: 'rolled'; readonly everyMs: number; readonly points: readonly RolledPoint[] };

export interface LatestValue {
  readonly device: string;
  readonly signal: string;
  readonly ts: number;
  readonly periodMs: number;
  readonly value: number | string;
  readonly flag: string;
  readonly received: number;
}

/** A change that readers may follow live. `seq` ascends without end and never repeats. */
export interface ChangeEvent {
  readonly seq: number;
  readonly type: 'finding' | 'order' | 'mark' | 'registry' | 'dead-letter';
  readonly site: string | null;
  readonly district: string | null;
  /** JSON of the thing as it now is. */
  readonly body: string;
}

export interface DeadLetterFilter {
  readonly reasons?: readonly DeadLetterReason[];
  readonly states?: readonly DeadLetter['state'][];
  readonly fromAt?: number;
  readonly toAt?: number;
}

/** Counters of the whole way, for `/metrics`: received = stored + repeats + revisions + dead letters + held. */
export interface Tally {
  readonly counts: Readonly<Record<string, number>>;
  /** Log records not yet processed, and the receive time of the oldest of them. */
  readonly lagRecords: number;
  readonly oldestUnprocessedAt: number | null;
}

/** What the API reads. Projections of the log; every answer is bounded by its request. */
export interface ReadModel {
  findings(filter: FindingFilter, page: PageRequest, who: Visibility): Promise<Page<Finding>>;
  finding(id: string, who: Visibility): Promise<Finding | undefined>;
  /** All revisions, oldest first. */
  findingRevisions(id: string, who: Visibility): Promise<readonly Finding[]>;
  means(filter: MeanFilter, page: PageRequest): Promise<Page<Mean>>;
  series(query: SeriesQuery): Promise<SeriesAnswer>;
  latest(site: string): Promise<readonly LatestValue[]>;
  orders(): Promise<readonly StoredOrder[]>;
  marks(site: string | undefined, page: PageRequest): Promise<Page<StoredMark>>;
  rules(): Promise<readonly RuleEntry[]>;
  deadLetters(filter: DeadLetterFilter, page: PageRequest): Promise<Page<DeadLetter>>;
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  /** Changes after `afterSeq`, oldest first. */
  changes(afterSeq: number, limit: number): Promise<readonly ChangeEvent[]>;
  /** The lowest and highest `seq` that are kept; 0 and 0 where there are none. */
  changeBounds(): Promise<{ readonly first: number; readonly last: number }>;
  tally(): Promise<Tally>;
}
