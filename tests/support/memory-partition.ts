/** A partition in memory whose commits may fail, before or after they happened: what a server's answer that never came looks like. */
import { UnavailableError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { OwnedPartition, ReportAt } from '../../contracts/ports/partition.ts';

export type CommitFate = 'done' | 'not-done' | 'done-and-unheard';

export interface MemoryPartition extends OwnedPartition {
  /** The newest revision of each finding, by id. */
  readonly findings: ReadonlyMap<string, Finding>;
  readonly counts: ReadonlyMap<string, number>;
  /** Removes what is kept under keys that begin so. */
  forget(prefix: string): void;
}

export function createMemoryPartition(records: readonly LogRecord[], fate: () => CommitFate): MemoryPartition {
  const state = new Map<string, string>();
  const findings = new Map<string, Finding>();
  const counts = new Map<string, number>();
  return {
    partition: 3,
    owns: () => true,
    registryFiles: () => undefined,
    findings,
    counts,
    forget(prefix) {
      for (const key of [...state.keys()]) if (key.startsWith(prefix)) state.delete(key);
    },
    state: (key) => state.get(key),
    stateKeys: (prefix) => [...state.keys()].filter((key) => key.startsWith(prefix)).sort(),
    first: async () => 0,
    async *readReports(fromOffset, toOffset) {
      yield records.filter(
        (record): record is ReportAt =>
          record.kind === 'report' && record.offset >= fromOffset && record.offset < toOffset,
      );
    },
    commit: async (batch) => {
      const end = fate();
      if (end === 'not-done') throw new UnavailableError('the commit did not happen');
      for (const { key, value } of batch.state) {
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
      for (const finding of batch.findings) findings.set(finding.id, finding);
      for (const [name, count] of Object.entries(batch.counts)) counts.set(name, (counts.get(name) ?? 0) + count);
      if (end === 'done-and-unheard') throw new UnavailableError('nobody knows whether the commit happened');
    },
  };
}
