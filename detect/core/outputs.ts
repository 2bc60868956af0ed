/** What a batch of the log did, before it is written down. */
import type { DeadLetter, Sample, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import type { LedgerEntry } from '../findings/ledger.ts';
import type { MeanNote } from './scribe.ts';

export interface FindingNote {
  readonly site: string;
  readonly district: string;
  readonly entry: LedgerEntry;
}

export interface Outputs {
  readonly findings: FindingNote[];
  readonly means: MeanNote[];
  /** Rows of the reports; not gathered where nobody keeps them. */
  readonly samples: Sample[];
  readonly wantsSamples: boolean;
  readonly deadLetters: DeadLetter[];
  /** Dead letters that were sent through ingest again, by id. */
  readonly redriven: string[];
  readonly orders: StoredOrder[];
  readonly marks: StoredMark[];
  /** Snapshots to keep (text) or drop (null), by key. */
  readonly snapshots: Map<string, string | null>;
  readonly counts: Record<string, number>;
}

export function createOutputs(wantsSamples: boolean): Outputs {
  return {
    findings: [],
    means: [],
    samples: [],
    wantsSamples,
    deadLetters: [],
    redriven: [],
    orders: [],
    marks: [],
    snapshots: new Map(),
    counts: {},
  };
}

export function count(outputs: Outputs, name: string, by = 1): void {
  outputs.counts[name] = (outputs.counts[name] ?? 0) + by;
}

/** Hands the contents over and leaves the same object empty: the sites keep writing into it. */
export function drain(outputs: Outputs): Outputs {
  const taken: Outputs = {
    findings: [...outputs.findings],
    means: [...outputs.means],
    samples: [...outputs.samples],
    wantsSamples: outputs.wantsSamples,
    deadLetters: [...outputs.deadLetters],
    redriven: [...outputs.redriven],
    orders: [...outputs.orders],
    marks: [...outputs.marks],
    snapshots: new Map(outputs.snapshots),
    counts: { ...outputs.counts },
  };
  for (const list of [
    outputs.findings,
    outputs.means,
    outputs.samples,
    outputs.deadLetters,
    outputs.redriven,
    outputs.orders,
    outputs.marks,
  ])
    list.length = 0;
  outputs.snapshots.clear();
  for (const name of Object.keys(outputs.counts)) outputs.counts[name] = 0;
  return taken;
}
