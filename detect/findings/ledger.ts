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
  openEntries(): readonly LedgerEntry[];
  restore(entries: readonly LedgerEntry[]): void;
  /** Forgets what is settled and first stood before `at`. */
  prune(at: number): void;
}

export function draftId(draft: Draft, site: string): string {
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

export function createLedger(site: string, publish: (entry: LedgerEntry) => void): Ledger {
  const standing = new Map<string, LedgerEntry>();
  let staged: Map<string, { draft: Draft; first: Place }> | undefined;

  const put = (id: string, entry: LedgerEntry): void => {
    standing.set(id, entry);
    publish(entry);
  };
  const write = (draft: Draft, first: Place, isArrival: boolean): void => {
    const id = draftId(draft, site);
    const before = standing.get(id);
    const kept = before === undefined || before.withdrawn !== null ? draft : { ...draft, detectedAt: before.draft.detectedAt };
    put(id, {
      id,
      draft: kept,
      revision: (before?.revision ?? 0) + 1,
      first: before?.first ?? first,
      isArrival,
      withdrawn: null,
    });
  };
  const withdraw = (entry: LedgerEntry, cause: string, again: ReadonlyMap<string, { draft: Draft }>): void => {
    let successor: string | undefined;
    for (const [id, { draft }] of again) if (id !== entry.id && overlaps(draft, entry.draft)) successor = id;
    const withdrawn = successor === undefined ? { cause } : { cause, successor };
    put(entry.id, { ...entry, revision: entry.revision + 1, withdrawn });
  };

  return {
    emit(draft, place, isArrival) {
      if (staged === undefined || isArrival) {
        write(draft, place, isArrival);
        return;
      }
      const id = draftId(draft, site);
      staged.set(id, { draft, first: staged.get(id)?.first ?? place });
    },
    beginRerun(open) {
      staged = new Map(open.map((entry) => [entry.id, { draft: entry.draft, first: entry.first }]));
    },
    endRerun(cut, cause) {
      const again = staged ?? new Map<string, { draft: Draft; first: Place }>();
      staged = undefined;
      for (const entry of [...standing.values()]) {
        const isAfter = comparePlaces(entry.first, cut) > 0;
        if (entry.isArrival || entry.withdrawn !== null || !isAfter || again.has(entry.id)) continue;
        withdraw(entry, cause, again);
      }
      for (const [id, { draft, first }] of again) {
        const before = standing.get(id);
        const same = before !== undefined && before.withdrawn === null && content(before.draft) === content(draft);
        if (!same) write(draft, first, false);
        else if (comparePlaces(first, before.first) !== 0) standing.set(id, { ...before, first });
      }
    },
    entries: () => [...standing.values()],
    openEntries: () => [...standing.values()].filter((entry) => !entry.isArrival && entry.withdrawn === null && entry.draft.state === 'open'),
    restore(entries) {
      standing.clear();
      for (const entry of entries) standing.set(entry.id, entry);
    },
    prune(at) {
      for (const [id, entry] of standing) {
        const settled = entry.withdrawn !== null || entry.draft.state === 'closed';
        if (settled && entry.first.at < at && (entry.draft.endAt ?? 0) < at) standing.delete(id);
      }
    },
  };
}
