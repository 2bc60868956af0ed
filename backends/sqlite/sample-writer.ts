import type { Sample } from '../../contracts/ports/detection-store.ts';
import { HotRow, readHotRow, SLOTS, slotOf, slotRange } from './hot-samples.ts';
import type { NameTable } from './name-table.ts';
import type { Database } from './open-database.ts';
import { decodeChunk } from './sample-chunk-read.ts';
import { encodeChunk } from './sample-chunk-write.ts';
import { bucketMs, bucketOf, chunkId, mergeRows, type SampleRow } from './sample-rows.ts';
import { SignalSets, StreamTable, type Stream } from './stream-table.ts';

const MIN_SAMPLES_PER_MOVE = 1_024;
/** About a bucket's worth of each stream: then a chunk is written about twice in its life. */
const SAMPLES_PER_STREAM = 60;
const MAX_MOVES_PER_COMMIT = 4;

/** Writes samples within the transactions of its owner. */
export class SampleWriter {
  readonly #streams: StreamTable;
  readonly #sets: SignalSets;
  readonly #periods = new Map<number, number>();
  readonly #rows = Array.from({ length: SLOTS }, () => new HotRow());
  readonly #counts = new Float64Array(SLOTS);
  readonly #streamsOfSlot = Array.from({ length: SLOTS }, () => new Set<number>());
  readonly #statements;
  #sequence = 0;

  constructor(database: Database, names: NameTable) {
    this.#streams = new StreamTable(database, names);
    this.#sets = new SignalSets(database);
    this.#statements = {
      insertHot: database.prepare('INSERT INTO sample_hot (id, samples, texts, body) VALUES (?, ?, ?, ?)'),
      readHot: database.prepare('SELECT id, samples, texts, body FROM sample_hot WHERE id BETWEEN ? AND ? ORDER BY id'),
      removeHot: database.prepare('DELETE FROM sample_hot WHERE id BETWEEN ? AND ?'),
      hotCounts: database.prepare('SELECT id, samples FROM sample_hot'),
      streams: database.prepare('SELECT id, site, period FROM stream'),
      getChunk: database.prepare('SELECT body FROM sample_chunk WHERE id = ?'),
      putChunk: database.prepare(
        'INSERT INTO sample_chunk (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
      ),
    };
    this.#load();
  }

  /** Stores samples, and moves the slots that have gathered enough into the chunks; within a transaction. */
  write(samples: readonly Sample[]): void {
    const touched = new Set<number>();
    for (const sample of samples) {
      if (sample.signals.length === 0) continue;
      const { stream, signalSet } = this.#streams.resolve(sample);
      const { ts, received, revision, values, flags } = sample;
      this.#rows[stream.slot]?.add({ stream: stream.id, signalSet, ts, received, revision, values, flags });
      this.#know(stream);
      touched.add(stream.slot);
    }
    if (touched.size === 0) return;
    this.#sequence += 1;
    for (const slot of touched) this.#append(slot);
    this.#moveFull(touched);
  }

  /** After a transaction that failed: what was remembered of it is not true. */
  forget(): void {
    this.#streams.forget();
    for (const row of this.#rows) row.take();
    this.#load();
  }

  #know(stream: Stream): void {
    if (this.#periods.has(stream.id)) return;
    this.#periods.set(stream.id, stream.periodMs);
    this.#streamsOfSlot[stream.slot]?.add(stream.id);
  }

  #load(): void {
    this.#counts.fill(0);
    this.#periods.clear();
    for (const streams of this.#streamsOfSlot) streams.clear();
    const span = slotRange(0).last + 1;
    for (const { id, samples } of this.#statements.hotCounts.iterate() as IterableIterator<{
      id: number;
      samples: number;
    }>) {
      const slot = Math.floor(id / span);
      this.#counts[slot] = (this.#counts[slot] ?? 0) + samples;
      this.#sequence = Math.max(this.#sequence, id % span);
    }
    type StreamRow = { id: number; site: number; period: number };
    for (const { id, site, period } of this.#statements.streams.iterate() as IterableIterator<StreamRow>) {
      this.#know({ id, slot: slotOf(site), periodMs: period });
    }
  }

  #append(slot: number): void {
    const row = this.#rows[slot];
    if (row === undefined) return;
    const samples = row.samples;
    const { texts, body } = row.take();
    this.#statements.insertHot.run(slotRange(slot).first + this.#sequence, samples, texts, body);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + samples;
  }

  #moveFull(touched: ReadonlySet<number>): void {
    let moves = 0;
    for (const slot of touched) {
      const enough = Math.max(MIN_SAMPLES_PER_MOVE, SAMPLES_PER_STREAM * (this.#streamsOfSlot[slot]?.size ?? 0));
      if ((this.#counts[slot] ?? 0) < enough) continue;
      this.#move(slot);
      moves += 1;
      // What remains is moved by the next commits, so that none takes long.
      if (moves === MAX_MOVES_PER_COMMIT) return;
    }
  }

  #move(slot: number): void {
    const { first, last } = slotRange(slot);
    const byStream = new Map<number, SampleRow[]>();
    const rows = this.#statements.readHot.all(first, last) as { texts: string | null; body: Uint8Array }[];
    for (const row of rows) {
      readHotRow(
        row,
        this.#sets.signalsOf,
        () => true,
        (stream, sample) => {
          const samples = byStream.get(stream);
          if (samples === undefined) byStream.set(stream, [sample]);
          else samples.push(sample);
        },
      );
    }
    for (const [stream, samples] of [...byStream].sort(([a], [b]) => a - b)) this.#moveStream(stream, samples);
    this.#statements.removeHot.run(first, last);
    this.#counts[slot] = 0;
  }

  #moveStream(stream: number, samples: readonly SampleRow[]): void {
    const span = bucketMs(this.#periods.get(stream) ?? 0);
    const byBucket = new Map<number, SampleRow[]>();
    for (const sample of samples) {
      const bucket = bucketOf(sample.ts, span);
      const rows = byBucket.get(bucket);
      if (rows === undefined) byBucket.set(bucket, [sample]);
      else rows.push(sample);
    }
    for (const [bucket, rows] of byBucket) {
      const id = chunkId(stream, bucket);
      const stored = this.#statements.getChunk.get(id) as { body: Uint8Array } | undefined;
      const before = stored === undefined ? [] : decodeChunk(stored.body, bucket * span);
      this.#statements.putChunk.run(id, encodeChunk(mergeRows([...before, ...rows]), bucket * span));
    }
  }
}
