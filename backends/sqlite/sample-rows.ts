/** Samples of one stream (one device and period) as the store works with them. */

/** One report: the values of its signals. Signals are numbers of the name table. */
export interface SampleRow {
  readonly ts: number;
  readonly received: number;
  readonly revision: number;
  readonly signals: readonly number[];
  readonly values: readonly (number | string)[];
  /** One letter a signal. */
  readonly flags: string;
}

function without(row: SampleRow, signals: readonly number[]): SampleRow {
  const kept = row.signals.flatMap((signal, i) => (signals.includes(signal) ? [] : [i]));
  return {
    ...row,
    signals: kept.map((i) => row.signals[i] ?? 0),
    values: kept.map((i) => row.values[i] ?? Number.NaN),
    flags: kept.map((i) => row.flags[i] ?? 'N').join(''),
  };
}

function joined(first: SampleRow, second: SampleRow): SampleRow {
  return {
    ...second,
    signals: [...first.signals, ...second.signals],
    values: [...first.values, ...second.values],
    flags: first.flags + second.flags,
  };
}

function sameIdentity(a: SampleRow | undefined, b: SampleRow): boolean {
  return a !== undefined && a.ts === b.ts && a.revision === b.revision;
}

/** Adds a row to those of the same instant and revision: of one signal only the row added last keeps its value. */
function overlay(run: readonly SampleRow[], added: SampleRow): SampleRow[] {
  const rest = run.map((row) => without(row, added.signals)).filter((row) => row.signals.length > 0);
  const same = rest.findIndex((row) => row.received === added.received);
  const twin = rest[same];
  return twin === undefined ? [...rest, added] : rest.with(same, joined(twin, added));
}

/**
 * Rows in the order of instant and revision, each value of an identity once. The input is in the order of arrival,
 * and so later arrivals replace earlier ones: merging the same rows twice changes nothing.
 */
export function mergeRows(rows: readonly SampleRow[]): SampleRow[] {
  const sorted = rows.toSorted((a, b) => a.ts - b.ts || a.revision - b.revision);
  const merged: SampleRow[] = [];
  for (let i = 0; i < sorted.length;) {
    const row = sorted[i] as SampleRow;
    i += 1;
    if (!sameIdentity(sorted[i], row)) {
      merged.push(row);
      continue;
    }
    let run = [row];
    while (sameIdentity(sorted[i], row)) {
      run = overlay(run, sorted[i] as SampleRow);
      i += 1;
    }
    merged.push(...run);
  }
  return merged;
}

const HOUR_MS = 3_600_000;
const PARTS_PER_BUCKET = 60;

/**
 * Span of time whose samples stand in one row: an hour of instants or minutes, 60 periods of anything coarser. So a
 * row holds about 60 samples, whatever the cadence.
 */
export function bucketMs(periodMs: number): number {
  return Math.max(HOUR_MS, PARTS_PER_BUCKET * periodMs);
}

// A chunk's row id is stream and bucket in one number, so that a stream's chunks lie together in the order of time.
// 27 bits of hours, counted from 3,830 years before 1970, hold every instant that can be written in four digits.
const BUCKETS = 2 ** 27;
const BUCKET_OF_1970 = 2 ** 25;

/** Row id of the chunk of a stream that holds an instant. */
export function chunkId(stream: number, bucket: number): number {
  return stream * BUCKETS + bucket + BUCKET_OF_1970;
}

/** The bucket of an instant. */
export function bucketOf(ts: number, span: number): number {
  return Math.floor(ts / span);
}

/** The bucket of a chunk's row id. */
export function bucketOfChunk(id: number): number {
  return (id % BUCKETS) - BUCKET_OF_1970;
}

/** Row ids of all chunks of a stream are in [first, last]. */
export function chunkRange(stream: number): { readonly first: number; readonly last: number } {
  return { first: stream * BUCKETS, last: (stream + 1) * BUCKETS - 1 };
}
