/** What detection shows to others, into the tables that the read model asks. Within the transactions of its owner. */
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { ChangeWriter } from './change-writer.ts';
import { checksumOf } from './checksum.ts';
import { CounterTable } from './counter-table.ts';
import type { Database } from './database.ts';
import { EnteredWriter } from './entered-writer.ts';
import { FindingWriter } from './finding-writer.ts';
import { MeanWriter } from './mean-writer.ts';
import { NameTable } from './name-table.ts';
import { SampleWriter } from './sample-writer.ts';

/** A commit without what only the detector itself reads again. */
export type ShownOutputs = Omit<DetectionCommit, 'nextOffset' | 'state'>;

/**
 * Written again, the same changes nothing: findings are known by id and revision, the rest by its key. Counters alone
 * are added up.
 */
export class OutputWriter {
  readonly #names: NameTable;
  readonly #counters: CounterTable;
  readonly #changes: ChangeWriter;
  readonly #findings: FindingWriter;
  readonly #means: MeanWriter;
  readonly #samples: SampleWriter;
  readonly #entered: EnteredWriter;
  readonly #removeRules;
  readonly #putRule;

  /** @param clock wall clock in epoch ms; serves the retention of changes only */
  constructor(database: Database, clock: () => number) {
    this.#names = new NameTable(database);
    this.#counters = new CounterTable(database);
    this.#changes = new ChangeWriter(database, clock);
    this.#findings = new FindingWriter(database, this.#changes);
    this.#means = new MeanWriter(database, this.#names);
    this.#samples = new SampleWriter(database, this.#names);
    this.#entered = new EnteredWriter(database, this.#changes);
    this.#removeRules = database.prepare('DELETE FROM rule_entry');
    this.#putRule = database.prepare('INSERT INTO rule_entry (position, body, checksum) VALUES (?, ?, ?)');
  }

  write(outputs: ShownOutputs): void {
    this.#samples.write(outputs.samples);
    this.#means.write(outputs.means);
    this.#findings.write(outputs.findings);
    this.#entered.writeDeadLetters(outputs.deadLetters);
    this.#entered.markRedriven(outputs.redriven ?? []);
    this.#entered.writeOrders(outputs.orders);
    this.#entered.writeMarks(outputs.marks);
    for (const [name, added] of Object.entries(outputs.counts)) this.#counters.add(name, added);
    this.#writeRules(outputs.rules);
  }

  /** Number of the newest change. */
  lastChange(): number {
    return this.#changes.last();
  }

  /** After a transaction that failed: what was remembered of it is not true. */
  forget(): void {
    this.#names.forget();
    this.#means.forget();
    this.#samples.forget();
  }

  #writeRules(rules: ShownOutputs['rules']): void {
    if (rules === undefined) return;
    this.#removeRules.run();
    rules.forEach((rule, position) => {
      const body = JSON.stringify(rule);
      this.#putRule.run(position, body, checksumOf(0, body));
    });
  }
}
