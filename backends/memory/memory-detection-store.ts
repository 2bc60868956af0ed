import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import type {
  DeadLetter,
  DetectionCommit,
  DetectionStore,
  Sample,
  StoredMark,
  StoredOrder,
} from '../../contracts/ports/detection-store.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';

function meanKey({ site, outlet, device, signal, average, start }: Mean): string {
  return JSON.stringify([site, outlet, outlet === '' ? device : '', signal, average, start]);
}

function sampleKey({ site, device, ts, periodMs, revision }: Sample): string {
  return JSON.stringify([site, device, ts, periodMs, revision]);
}

/** A detection store whose contents can be looked at: the reference for the others, for tests and for replays. */
export class MemoryDetectionStore implements DetectionStore {
  /** By id, the highest revision. */
  readonly findings = new Map<string, Finding>();
  /** Every revision, in the order in which it came. */
  readonly revisions: Finding[] = [];
  readonly means = new Map<string, Mean>();
  readonly samples = new Map<string, Sample>();
  readonly deadLetters = new Map<string, DeadLetter>();
  readonly orders = new Map<string, StoredOrder>();
  readonly marks = new Map<string, StoredMark>();
  readonly counts = new Map<string, number>();
  rules: readonly RuleEntry[] = [];
  readonly #state = new Map<string, string>();
  #nextOffset = 0;

  async commit(batch: DetectionCommit): Promise<void> {
    for (const finding of batch.findings) this.#putFinding(finding);
    for (const mean of batch.means) this.means.set(meanKey(mean), mean);
    for (const sample of batch.samples) this.samples.set(sampleKey(sample), sample);
    this.#putEntered(batch);
    for (const { key, value } of batch.state) {
      if (value === null) this.#state.delete(key);
      else this.#state.set(key, value);
    }
    for (const [name, added] of Object.entries(batch.counts)) {
      this.counts.set(name, (this.counts.get(name) ?? 0) + added);
    }
    this.rules = batch.rules ?? this.rules;
    this.#nextOffset = batch.nextOffset;
  }

  async nextOffset(): Promise<number> {
    return this.#nextOffset;
  }

  async readState(prefix: string): Promise<readonly { readonly key: string; readonly value: string }[]> {
    return [...this.#state]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #putEntered({ deadLetters, redriven = [], orders, marks }: DetectionCommit): void {
    for (const letter of deadLetters) this.deadLetters.set(letter.id, letter);
    for (const id of redriven) {
      const letter = this.deadLetters.get(id);
      if (letter !== undefined) this.deadLetters.set(id, { ...letter, state: 'redriven' });
    }
    for (const order of orders) this.orders.set(order.order.id, order);
    for (const mark of marks) this.marks.set(mark.id, mark);
  }

  #putFinding(finding: Finding): void {
    const standing = this.findings.get(finding.id);
    if (standing === undefined || finding.revision >= standing.revision) this.findings.set(finding.id, finding);
    this.revisions.push(finding);
  }
}
