import type { Sample } from '../../contracts/ports/detection-store.ts';
import { checksumOf, type RowPlace } from './checksum.ts';
import { HotStore } from './hot-store.ts';
import type { NameTable } from './name-table.ts';
import type { Database } from './database.ts';
import { decodeChunk } from './sample-chunk-read.ts';
import { encodeChunk } from './sample-chunk-write.ts';
import { bucketMs, bucketOf, chunkId, mergeRows, type SampleRow } from './sample-rows.ts';
import { soundChunk, type ChunkRow } from './stream-reader.ts';
import { StreamTable } from './stream-table.ts';

const MAX_MOVES_PER_COMMIT = 4;

/** Writes samples within the transactions of its owner. */
export class SampleWriter {
  readonly #streams: StreamTable;
  readonly #hot: HotStore;
  readonly #place: RowPlace;
  readonly #getChunk;
  readonly #putChunk;

  constructor(database: Database, names: NameTable) {
    this.#streams = new StreamTable(database, names);
    this.#hot = new HotStore(database);
    this.#place = { database, table: 'sample_chunk' };
    this.#getChunk = database.prepare('SELECT id, body, checksum FROM sample_chunk WHERE id = ?');
    this.#putChunk = database.prepare(
      'INSERT INTO sample_chunk (id, body, checksum) VALUES (?, ?, ?) ' +
        'ON CONFLICT (id) DO UPDATE SET body = excluded.body, checksum = excluded.checksum',
    );
  }

  /** Stores samples, and moves some of those that have gathered into the chunks; within a transaction. */
  write(samples: readonly Sample[]): void {
    for (const sample of samples) {
      if (sample.signals.length === 0) continue;
      const { stream, signalSet } = this.#streams.resolve(sample);
      const { ts, received, revision, values, flags } = sample;
      this.#hot.add(stream, { stream: stream.id, signalSet, ts, received, revision, values, flags });
    }
    this.#hot.store();
    // What is due beyond that is moved by the next commits, so that none takes long.
    for (const slot of this.#hot.dueSlots(MAX_MOVES_PER_COMMIT)) this.#move(this.#hot.take(slot));
  }

  /** After a transaction that failed: what was remembered of it is not true. */
  forget(): void {
    this.#streams.forget();
    this.#hot.load();
  }

  #move(byStream: ReadonlyMap<number, readonly SampleRow[]>): void {
    // In the order of the chunks' rows, so that neighbours are written together.
    for (const [stream, samples] of [...byStream].sort(([a], [b]) => a - b)) {
      this.#moveStream(stream, bucketMs(this.#hot.periodOf(stream)), samples);
    }
  }

  #moveStream(stream: number, span: number, samples: readonly SampleRow[]): void {
    const byBucket = new Map<number, SampleRow[]>();
    for (const sample of samples) {
      const bucket = bucketOf(sample.ts, span);
      const rows = byBucket.get(bucket);
      if (rows === undefined) byBucket.set(bucket, [sample]);
      else rows.push(sample);
    }
    for (const [bucket, rows] of byBucket) {
      const id = chunkId(stream, bucket);
      const stored = this.#getChunk.get(id) as ChunkRow | undefined;
      const before = stored === undefined ? [] : decodeChunk(soundChunk(stored, this.#place), bucket * span);
      const body = encodeChunk(mergeRows([...before, ...rows]), bucket * span);
      this.#putChunk.run(id, body, checksumOf(id, body));
    }
  }
}
