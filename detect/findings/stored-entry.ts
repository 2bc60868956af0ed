/** Ledger entries as plain data: a rule stands as its id. */
import { ruleById } from '../rules/index.ts';
import type { Draft } from '../rules/rule.ts';
import type { LedgerEntry } from './ledger.ts';

export type StoredEntry = Omit<LedgerEntry, 'draft'> & {
  readonly draft: Omit<Draft, 'rule'> & { readonly rule: string };
};

export function toStoredEntry(entry: LedgerEntry): StoredEntry {
  return { ...entry, draft: { ...entry.draft, rule: entry.draft.rule.id } };
}

/** @throws RangeError for a rule that this version does not have */
export function fromStoredEntry(stored: StoredEntry): LedgerEntry {
  const rule = ruleById(stored.draft.rule);
  if (rule === undefined)
    throw new RangeError(
      `stored finding ${stored.id} is of rule ${stored.draft.rule}, which this version does not have`,
    );
  return { ...stored, draft: { ...stored.draft, rule } };
}
