/** Ledger entries as plain data: a rule stands as its id. */
import { ConfigError } from '../../contracts/errors.ts';
import { ruleById } from '../rules/index.ts';
import type { Draft } from '../rules/rule.ts';
import type { LedgerEntry } from './ledger.ts';

export type StoredEntry = Omit<LedgerEntry, 'draft'> & {
  readonly draft: Omit<Draft, 'rule'> & { readonly rule: string };
};

export function toStoredEntry(entry: LedgerEntry): StoredEntry {
  return { ...entry, draft: { ...entry.draft, rule: entry.draft.rule.id } };
}

/** @throws ConfigError for a rule that this version does not have: ids are for ever, so a newer one wrote it */
export function fromStoredEntry(stored: StoredEntry): LedgerEntry {
  const rule = ruleById(stored.draft.rule);
  if (rule === undefined)
    throw new ConfigError([
      `the stored finding ${stored.id} is of rule ${stored.draft.rule}, which this version does not have: it was ` +
        'written by a newer stackwarden. Install that version, or restore a backup from before the upgrade.',
    ]);
  return { ...stored, draft: { ...stored.draft, rule } };
}
