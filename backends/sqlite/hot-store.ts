import {
  ARRIVALS,
  decodeHotSample,
  HotRow,
  placeOf,
  slotOf,
  slotRange,
  SLOTS,
  walkHotRow,
  type HotRecord,
  type HotSample,
} from './hot-samples.ts';
import { checksumOf, expectChecksum, type RowPlace } from './checksum.ts';
import type { Database } from './database.ts';
import type { SampleRow } from './sample-rows.ts';
import { SignalSets, type Stream } from './stream-table.ts';

/** Arrivals are spread over the slots at so many samples or rows: what a reader looks through at most. */
const MAX_ARRIVED_SAMPLES = 16_384;
const MAX_ARRIVED_ROWS = 1_024;
/** A slot is due at about a bucket's worth of each of its streams: then a chunk is written about twice in its life. */
const SAMPLES_PER_STREAM = 60;
const MIN_SAMPLES_PER_SLOT = 1_024;

const everyStream = (): boolean => true;

/** @throws ConfigError where a row is not what was written */
export function expectSoundHot({ id, samples, texts, body, checksum }: HotRecord, place: RowPlace): void {
  expectChecksum(checksumOf(id, String(samples), texts, body), checksum, place, id);
}

/** The samples that are not in chunks yet. Within the transactions of its owner. */
export class HotStore {
  readonly #sets: SignalSets;
  readonly #place: RowPlace;
  readonly #slotRows = Array.from({ length: SLOTS + 1 }, () => new HotRow());
  readonly #counts = new Float64Array(SLOTS + 1);
  readonly #streamsOfSlot = new Float64Array(SLOTS + 1);
  readonly #streams = new Map<number, Stream>();
  readonly #statements;
  #arrivedRows = 0;
  #sequence = 0;

  constructor(database: Database) {
    this.#sets = new SignalSets(database);
    this.#place = { database, table: 'sample_hot' };
    this.#statements = {
      insert: database.prepare('INSERT INTO sample_hot (id, samples, texts, body, checksum) VALUES (?, ?, ?, ?, ?)'),
      read: database.prepare(
        'SELECT id, samples, texts, body, checksum FROM sample_hot WHERE id BETWEEN ? AND ? ORDER BY id',
      ),
      remove: database.prepare('DELETE FROM sample_hot WHERE id BETWEEN ? AND ?'),
      counts: database.prepare('SELECT id, samples FROM sample_hot'),
      streams: database.prepare('SELECT id, site, period FROM stream'),
    };
    this.load();
  }

  /** Reads how much there is; after a transaction that failed, what was remembered is not true. */
  load(): void {
    for (const row of this.#slotRows) row.take();
    this.#counts.fill(0);
    this.#streamsOfSlot.fill(0);
    this.#streams.clear();
    this.#arrivedRows = 0;
    for (const { id, samples } of this.#statements.counts.all() as { id: number; samples: number }[]) {
      const { slot, sequence } = placeOf(id);
      this.#counts[slot] = (this.#counts[slot] ?? 0) + samples;
      if (slot === ARRIVALS) this.#arrivedRows += 1;
      this.#sequence = Math.max(this.#sequence, sequence);
    }
    for (const { id, site, period } of this.#statements.streams.all() as {
      id: number;
      site: number;
      period: number;
    }[]) {
      this.#know({ id, slot: slotOf(site), periodMs: period });
    }
  }

  periodOf(stream: number): number {
    return this.#streams.get(stream)?.periodMs ?? 0;
  }

  add(stream: Stream, sample: HotSample): void {
    this.#know(stream);
    this.#slotRows[ARRIVALS]?.add(sample);
  }

  /** Stores what was added as one row, and spreads the arrivals over the slots where there are many. */
  store(): void {
    this.#sequence += 1;
    if (!this.#write(ARRIVALS)) return;
    this.#arrivedRows += 1;
    if ((this.#counts[ARRIVALS] ?? 0) >= MAX_ARRIVED_SAMPLES || this.#arrivedRows >= MAX_ARRIVED_ROWS) this.#spread();
  }

  /** Slots that have gathered enough for the chunks, at most `limit` of them. */
  dueSlots(limit: number): number[] {
    const due: number[] = [];
    for (let slot = ARRIVALS + 1; slot <= SLOTS && due.length < limit; slot += 1) {
      const enough = Math.max(MIN_SAMPLES_PER_SLOT, SAMPLES_PER_STREAM * (this.#streamsOfSlot[slot] ?? 0));
      if ((this.#counts[slot] ?? 0) >= enough) due.push(slot);
    }
    return due;
  }

  /** Removes and gives the samples of a slot by stream, in the order of arrival. */
  take(slot: number): Map<number, SampleRow[]> {
    const byStream = new Map<number, SampleRow[]>();
    for (const row of this.#removed(slot)) {
      walkHotRow(row, this.#sets.signalsOf, everyStream, (found) => {
        const samples = byStream.get(found.stream);
        if (samples === undefined) byStream.set(found.stream, [decodeHotSample(found)]);
        else samples.push(decodeHotSample(found));
      });
    }
    return byStream;
  }

  #know(stream: Stream): void {
    if (this.#streams.has(stream.id)) return;
    this.#streams.set(stream.id, stream);
    this.#streamsOfSlot[stream.slot] = (this.#streamsOfSlot[stream.slot] ?? 0) + 1;
  }

  #spread(): void {
    for (const row of this.#removed(ARRIVALS)) {
      walkHotRow(row, this.#sets.signalsOf, everyStream, (found) => {
        this.#slotRows[this.#streams.get(found.stream)?.slot ?? 1]?.copy(found);
      });
    }
    this.#arrivedRows = 0;
    for (let slot = ARRIVALS + 1; slot <= SLOTS; slot += 1) this.#write(slot);
  }

  #removed(slot: number): HotRecord[] {
    const { first, last } = slotRange(slot);
    const rows = this.#statements.read.all(first, last) as HotRecord[];
    for (const row of rows) expectSoundHot(row, this.#place);
    this.#statements.remove.run(first, last);
    this.#counts[slot] = 0;
    return rows;
  }

  /** False where nothing was gathered for the slot. */
  #write(slot: number): boolean {
    const row = this.#slotRows[slot];
    if (row === undefined || row.samples === 0) return false;
    const { samples } = row;
    const { texts, body } = row.take();
    const id = slotRange(slot).first + this.#sequence;
    this.#statements.insert.run(id, samples, texts, body, checksumOf(id, String(samples), texts, body));
    this.#counts[slot] = (this.#counts[slot] ?? 0) + samples;
    return true;
  }
}
