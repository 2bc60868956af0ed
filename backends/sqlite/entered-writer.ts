import type { DeadLetter, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import { checksumOf, deadLetterChecksum } from './checksum.ts';
import type { ChangeWriter } from './change-writer.ts';
import type { Database } from './database.ts';
import { storableLetter } from './storable-letter.ts';

/** Stores what people and devices entered, and what could not be taken in. Within the transactions of its owner. */
export class EnteredWriter {
  readonly #changes: ChangeWriter;
  readonly #putDeadLetter;
  readonly #redrive;
  readonly #putOrder;
  readonly #putMark;

  constructor(database: Database, changes: ChangeWriter) {
    this.#changes = changes;
    // `RETURNING` yields no row where the stored one is the same already: then nothing has changed.
    this.#putDeadLetter = database.prepare(
      'INSERT INTO dead_letter (id, received, reason, detail, topic, payload, encoding, state, checksum) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ' +
        'ON CONFLICT (id) DO UPDATE SET received = excluded.received, topic = excluded.topic, payload = excluded.payload, ' +
        'encoding = excluded.encoding, reason = excluded.reason, detail = excluded.detail, state = excluded.state, checksum = excluded.checksum ' +
        'WHERE state <> excluded.state OR reason <> excluded.reason OR detail <> excluded.detail RETURNING n',
    );
    this.#redrive = database.prepare(
      "UPDATE dead_letter SET state = 'redriven' WHERE id = ? AND state <> 'redriven' RETURNING n",
    );
    this.#putOrder = database.prepare(
      'INSERT INTO order_entry (id, entered_at, body, checksum) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE ' +
        'SET entered_at = excluded.entered_at, body = excluded.body, checksum = excluded.checksum WHERE body <> excluded.body RETURNING n',
    );
    this.#putMark = database.prepare(
      'INSERT INTO mark (id, site, declared_at, body, checksum) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE ' +
        'SET declared_at = excluded.declared_at, body = excluded.body, checksum = excluded.checksum WHERE body <> excluded.body RETURNING n',
    );
  }

  writeDeadLetters(letters: readonly DeadLetter[]): void {
    for (const letter of letters.map(storableLetter)) {
      const { id, received, reason, detail, topic, payload, encoding, state } = letter;
      const sum = deadLetterChecksum(letter);
      const row: unknown = this.#putDeadLetter.get(id, received, reason, detail, topic, payload, encoding, state, sum);
      this.#note('dead-letter', row);
    }
  }

  /** @param ids of dead letters that were sent through ingest again; unknown ones are passed over */
  markRedriven(ids: readonly string[]): void {
    for (const id of ids) this.#note('dead-letter', this.#redrive.get(id));
  }

  writeOrders(orders: readonly StoredOrder[]): void {
    for (const order of orders) {
      const body = JSON.stringify(order);
      this.#note('order', this.#putOrder.get(order.order.id, order.enteredAt, body, checksumOf(0, body)));
    }
  }

  writeMarks(marks: readonly StoredMark[]): void {
    for (const mark of marks) {
      const { site } = mark.mark;
      const body = JSON.stringify(mark);
      this.#note('mark', this.#putMark.get(mark.id, site, mark.declaredAt, body, checksumOf(0, body)), site);
    }
  }

  #note(type: 'dead-letter' | 'order' | 'mark', row: unknown, site?: string): void {
    if (row === undefined) return;
    const subject = (row as { n: number }).n;
    this.#changes.add(site === undefined ? { type, subject } : { type, subject, site });
  }
}
