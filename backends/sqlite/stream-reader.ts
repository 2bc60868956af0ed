/** Reads the samples of streams: what is in chunks, and what is still on its way there. */
import { checksumOf, expectChecksum, type RowPlace } from './checksum.ts';
import type { Column } from './sample-chunk-read.ts';
import { decodeChunk, decodeColumn } from './sample-chunk-read.ts';
import { ARRIVALS, decodeHotSample, slotOf, slotRange, walkHotRow, type HotRecord } from './hot-samples.ts';
import { expectSoundHot } from './hot-store.ts';
import type { Database } from './database.ts';
import { bucketMs, bucketOf, bucketOfChunk, chunkId, chunkRange, mergeRows, type SampleRow } from './sample-rows.ts';
import { SignalSets } from './stream-table.ts';

export interface StoredStream {
  readonly id: number;
  readonly site: number;
  readonly device: number;
  readonly period: number;
}

/** A stored row of samples. */
export interface ChunkRow {
  readonly id: number;
  readonly body: Uint8Array;
  readonly checksum: number | null;
}

/** Its body. @throws ConfigError where it is not what was written */
export function soundChunk({ id, body, checksum }: ChunkRow, place: RowPlace): Uint8Array {
  expectChecksum(checksumOf(id, body), checksum, place, id);
  return body;
}

/** One signal of rows. */
function columnOf(rows: readonly SampleRow[], signal: number): Column {
  const having = rows.flatMap((row) => {
    const i = row.signals.indexOf(signal);
    const value = row.values[i];
    const present = typeof value === 'string' || (value !== undefined && !Number.isNaN(value));
    return present ? [{ row, value, flag: row.flags[i] ?? 'N' }] : [];
  });
  return {
    ts: Float64Array.from(having, ({ row }) => row.ts),
    received: Float64Array.from(having, ({ row }) => row.received),
    revisions: Uint32Array.from(having, ({ row }) => row.revision),
    values: having.map(({ value }) => value),
    flags: having.map(({ flag }) => flag).join(''),
  };
}

/** Use within one snapshot: samples move from one table to the other. */
export class StreamReader {
  readonly #sets: SignalSets;
  readonly #hotPlace: RowPlace;
  readonly #chunkPlace: RowPlace;
  readonly #hot;
  readonly #chunks;
  readonly #newestChunks;

  constructor(database: Database) {
    this.#sets = new SignalSets(database);
    this.#hotPlace = { database, table: 'sample_hot' };
    this.#chunkPlace = { database, table: 'sample_chunk' };
    this.#hot = database.prepare(
      'SELECT id, samples, texts, body, checksum FROM sample_hot WHERE id BETWEEN ? AND ? ORDER BY id',
    );
    this.#chunks = database.prepare('SELECT id, body, checksum FROM sample_chunk WHERE id BETWEEN ? AND ? ORDER BY id');
    this.#newestChunks = database.prepare(
      'SELECT id, body, checksum FROM sample_chunk WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?',
    );
  }

  /** Samples of streams of one site that are not in chunks yet, in the order of arrival. */
  hotRows(site: number, streams: ReadonlySet<number>): Map<number, SampleRow[]> {
    const found = new Map<number, SampleRow[]>();
    // The slot before the arrivals: that is the order in which they came.
    for (const slot of [slotOf(site), ARRIVALS]) {
      const { first, last } = slotRange(slot);
      for (const row of this.#hot.iterate(first, last) as IterableIterator<HotRecord>) {
        expectSoundHot(row, this.#hotPlace);
        walkHotRow(
          row,
          this.#sets.signalsOf,
          (stream) => streams.has(stream),
          (sample) => {
            const rows = found.get(sample.stream);
            if (rows === undefined) found.set(sample.stream, [decodeHotSample(sample)]);
            else rows.push(decodeHotSample(sample));
          },
        );
      }
    }
    return found;
  }

  /** Columns of one signal whose spans cover [fromAt, toAt), in the order of time. */
  *columns(stream: StoredStream, signal: number, fromAt: number, toAt: number): Generator<Column> {
    const span = bucketMs(stream.period);
    const hot = this.#hotBuckets(stream, fromAt, toAt);
    const first = chunkId(stream.id, bucketOf(fromAt, span));
    const last = chunkId(stream.id, bucketOf(toAt - 1, span));
    for (const row of this.#chunks.iterate(first, last) as IterableIterator<ChunkRow>) {
      const bucket = bucketOfChunk(row.id);
      const body = soundChunk(row, this.#chunkPlace);
      yield* this.#hotBefore(hot, bucket, signal);
      const added = hot.get(bucket);
      hot.delete(bucket);
      const column =
        added === undefined
          ? decodeColumn(body, bucket * span, signal)
          : columnOf(mergeRows([...decodeChunk(body, bucket * span), ...added]), signal);
      if (column !== undefined) yield column;
    }
    yield* this.#hotBefore(hot, Number.POSITIVE_INFINITY, signal);
  }

  /** Chunks of a stream, newest first, with the begin of their spans; each is decoded where it is asked for. */
  *newestChunks(
    stream: StoredStream,
    limit: number,
  ): Generator<{ readonly start: number; readonly rows: () => SampleRow[] }> {
    const span = bucketMs(stream.period);
    const { first, last } = chunkRange(stream.id);
    for (const row of this.#newestChunks.iterate(first, last, limit) as IterableIterator<ChunkRow>) {
      const start = bucketOfChunk(row.id) * span;
      yield { start, rows: () => decodeChunk(soundChunk(row, this.#chunkPlace), start) };
    }
  }

  #hotBuckets(stream: StoredStream, fromAt: number, toAt: number): Map<number, SampleRow[]> {
    const span = bucketMs(stream.period);
    const first = bucketOf(fromAt, span);
    const last = bucketOf(toAt - 1, span);
    const buckets = new Map<number, SampleRow[]>();
    for (const row of this.hotRows(stream.site, new Set([stream.id])).get(stream.id) ?? []) {
      const bucket = bucketOf(row.ts, span);
      if (bucket < first || bucket > last) continue;
      const rows = buckets.get(bucket);
      if (rows === undefined) buckets.set(bucket, [row]);
      else rows.push(row);
    }
    return new Map([...buckets].sort(([a], [b]) => a - b));
  }

  *#hotBefore(hot: Map<number, SampleRow[]>, bucket: number, signal: number): Generator<Column> {
    for (const [key, rows] of hot) {
      if (key >= bucket) return;
      hot.delete(key);
      yield columnOf(mergeRows(rows), signal);
    }
  }
}
