/**
 * What was published of a site's findings, so that a rewind publishes the difference and nothing else.
 */
import type { Draft } from '../rules/rule.ts';
import { comparePlaces, type Place } from '../core/stream-order.ts';
import { findingId } from './finding-id.ts';

export interface Withdrawal {
  readonly cause: string;
  readonly successor?: string;
}

/** A published finding. */
export interface LedgerEntry {
  readonly id: string;
  readonly draft: Draft;
  readonly revision: number;
  /** Where in the stream it first stood. */
  readonly first: Place;
  /** Facts about arrival are judged in the order of the log and never rewound. */
  readonly isArrival: boolean;
  readonly withdrawn: Withdrawal | null;
}

export interface Ledger {
  /** A rule's word in stream order, or about arrival. */
  emit(draft: Draft, place: Place, isArrival: boolean): void;
  /** From here on words are gathered instead of published; `open` stood open at the snapshot. */
  beginRerun(open: readonly LedgerEntry[]): void;
  /** Publishes what the second run saw differently from the first, for everything after `cut`. */
  endRerun(cut: Place, cause: string): void;
  entries(): readonly LedgerEntry[];
  /** What stands open; in a second run, what stands open there. */
  openEntries(): readonly LedgerEntry[];
  restore(entries: readonly LedgerEntry[]): void;
  /** A fact about arrival turned out to be another one: what was said of it is withdrawn, with its successor's name. */
  retract(draft: Identity, cause: string, successor?: Identity): void;
  /** Forgets what is settled and first stood before `at`. */
  prune(at: number): void;
}

/** What a finding's id is made of. */
export type Identity = Pick<Draft, 'rule' | 'subject' | 'startAt' | 'discriminator'>;

export function draftId(draft: Identity, site: string): string {
  const { discriminator } = draft;
  return findingId(draft.rule.id, site, draft.subject, {
    startAt: draft.startAt,
    ...(discriminator === undefined ? {} : { discriminator }),
  });
}

/** Everything that readers see of a draft, as text. `detectedAt` does not move with revisions. */
function content(draft: Draft): string {
  return JSON.stringify({ ...draft, rule: draft.rule.version, detectedAt: 0 });
}

function overlaps(a: Draft, b: Draft): boolean {
  const sameSubject = JSON.stringify(a.subject) === JSON.stringify(b.subject);
  const endA = a.endAt ?? Number.POSITIVE_INFINITY;
  const endB = b.endAt ?? Number.POSITIVE_INFINITY;
  return a.rule.id === b.rule.id && sameSubject && a.startAt < endB && b.startAt < endA;
}

interface Staged {
  readonly draft: Draft;
  readonly first: Place;
}

interface Book {
  readonly site: string;
  readonly publish: (entry: LedgerEntry) => void;
  readonly standing: Map<string, LedgerEntry>;
  staged: Map<string, Staged> | undefined;
}

function put(book: Book, entry: LedgerEntry): void {
  book.standing.set(entry.id, entry);
  book.publish(entry);
}

/** A new revision. In a second run `first` is where it stood first this time. */
function write(book: Book, draft: Draft, first: Place, isArrival: boolean): void {
  const id = draftId(draft, book.site);
  const before = book.standing.get(id);
  const kept =
    before === undefined || before.withdrawn !== null ? draft : { ...draft, detectedAt: before.draft.detectedAt };
  put(book, {
    id,
    draft: kept,
    revision: (before?.revision ?? 0) + 1,
    first,
    isArrival,
    withdrawn: null,
  });
}

function withdraw(book: Book, entry: LedgerEntry, cause: string, again: ReadonlyMap<string, Staged>): void {
  let successor: string | undefined;
  for (const [id, { draft }] of again) if (id !== entry.id && overlaps(draft, entry.draft)) successor = id;
  const withdrawn = successor === undefined ? { cause } : { cause, successor };
  put(book, { ...entry, revision: entry.revision + 1, withdrawn });
}

/** The difference between what stands after `cut` and what was seen again. */
function publishDifference(book: Book, again: ReadonlyMap<string, Staged>, cut: Place, cause: string): void {
  const { standing } = book;
  for (const entry of [...standing.values()]) {
    const isAfter = comparePlaces(entry.first, cut) > 0;
    if (entry.isArrival || entry.withdrawn !== null || !isAfter || again.has(entry.id)) continue;
    withdraw(book, entry, cause, again);
  }
  for (const [id, { draft, first }] of again) {
    const before = standing.get(id);
    const same = before !== undefined && before.withdrawn === null && content(before.draft) === content(draft);
    if (!same) write(book, draft, first, false);
    else if (comparePlaces(first, before.first) !== 0) standing.set(id, { ...before, first });
  }
}

function openOf(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter((entry) => !entry.isArrival && entry.withdrawn === null && entry.draft.state === 'open');
}

/** What the second run has seen so far: a snapshot on its way must not hold what only the first run saw later. */
function stagedEntries({ staged, standing }: Book): LedgerEntry[] {
  return [...(staged ?? [])].map(([id, { draft, first }]) => {
    const revision = standing.get(id)?.revision ?? 0;
    return { id, draft, revision, first, isArrival: false, withdrawn: null };
  });
}

function isSettled(entry: LedgerEntry, at: number): boolean {
  const isOver = entry.withdrawn !== null || entry.draft.state === 'closed';
  return isOver && entry.first.at < at && (entry.draft.endAt ?? 0) < at;
}

export function createLedger(site: string, publish: (entry: LedgerEntry) => void): Ledger {
  const book: Book = { site, publish, standing: new Map(), staged: undefined };
  const { standing } = book;
  return {
    emit(draft, place, isArrival) {
      const { staged } = book;
      if (staged === undefined || isArrival) {
        write(book, draft, standing.get(draftId(draft, site))?.first ?? place, isArrival);
        return;
      }
      const id = draftId(draft, site);
      staged.set(id, { draft, first: staged.get(id)?.first ?? place });
    },
    beginRerun(open) {
      book.staged = new Map(open.map((entry) => [entry.id, { draft: entry.draft, first: entry.first }]));
    },
    endRerun(cut, cause) {
      const again = book.staged ?? new Map<string, Staged>();
      book.staged = undefined;
      publishDifference(book, again, cut, cause);
    },
    entries: () => [...standing.values()],
    openEntries: () => (book.staged === undefined ? openOf([...standing.values()]) : openOf(stagedEntries(book))),
    restore(entries) {
      standing.clear();
      for (const entry of entries) standing.set(entry.id, entry);
    },
    retract(draft, cause, successor) {
      const entry = standing.get(draftId(draft, site));
      if (entry === undefined || entry.withdrawn !== null) return;
      const withdrawn = successor === undefined ? { cause } : { cause, successor: draftId(successor, site) };
      put(book, { ...entry, revision: entry.revision + 1, withdrawn });
    },
    prune(at) {
      for (const [id, entry] of standing) if (isSettled(entry, at)) standing.delete(id);
    },
  };
}
