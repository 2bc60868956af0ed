import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import { changeChecksum } from './checksum.ts';
import type { Database } from './database.ts';

/** Notes what changed, in the order of its commit. The thing itself is read from where it stands. */
export class ChangeWriter {
  readonly #insert;
  readonly #last;
  readonly #clock: () => number;

  /** @param clock wall clock in epoch ms; serves retention only */
  constructor(database: Database, clock: () => number) {
    this.#clock = clock;
    this.#insert = database.prepare(
      'INSERT INTO change (type, site, district, subject, revision, committed_at, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'change'");
  }

  /** @param change `subject` is the row of the thing in the table of its type */
  add(change: {
    readonly type: ChangeEvent['type'];
    readonly site?: string;
    readonly district?: string;
    readonly subject: number;
    readonly revision?: number;
  }): void {
    const { type, site, district, subject, revision } = change;
    const facts = [type, site ?? null, district ?? null, subject, revision ?? null, this.#clock()] as const;
    this.#insert.run(...facts, changeChecksum(...facts));
  }

  /** The number of the newest change; 0 where there was none. */
  last(): number {
    const row = this.#last.get() as { seq: number } | undefined;
    return row?.seq ?? 0;
  }
}
