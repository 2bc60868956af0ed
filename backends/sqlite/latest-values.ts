import type { LatestValue } from '../../contracts/ports/read-model.ts';
import type { NameTable } from './name-table.ts';
import type { SampleRow } from './sample-rows.ts';
import type { StoredStream, StreamReader } from './stream-reader.ts';

/** How far back a signal is looked for that its device no longer sends with the others: about a day of minutes. */
const MAX_CHUNKS = 24;

interface Newest {
  readonly ts: number;
  readonly received: number;
  readonly value: number | string;
  readonly flag: string;
}

/** Remembers the values of a row where they are newer; disputed values never stand for the signal. */
function keepNewer(newest: Map<number, Newest>, row: SampleRow): void {
  if (row.revision > 0) return;
  row.signals.forEach((signal, i) => {
    const value = row.values[i];
    if (value === undefined || Number.isNaN(value)) return;
    const known = newest.get(signal);
    if (known !== undefined && known.ts > row.ts) return;
    newest.set(signal, { ts: row.ts, received: row.received, value, flag: row.flags[i] ?? 'N' });
  });
}

/** Finds the newest value of each signal without keeping one: the newest chunk of a stream mostly has them all. */
export class Latest {
  readonly #reader: StreamReader;
  readonly #names: NameTable;
  readonly #signalsOf: (stream: number) => readonly number[];

  constructor(reader: StreamReader, names: NameTable, signalsOf: (stream: number) => readonly number[]) {
    this.#reader = reader;
    this.#names = names;
    this.#signalsOf = signalsOf;
  }

  /** Of several periods of one signal, the value that reaches furthest; of equal ones the finest. */
  of(site: number, streams: readonly StoredStream[]): LatestValue[] {
    const hot = this.#reader.hotRows(site, new Set(streams.map(({ id }) => id)));
    const best = new Map<string, LatestValue>();
    for (const stream of streams.toSorted((a, b) => a.period - b.period)) {
      for (const value of this.#ofStream(stream, hot.get(stream.id) ?? [])) {
        const key = `${value.device}.${value.signal}`;
        const other = best.get(key);
        if (other === undefined || value.ts + value.periodMs > other.ts + other.periodMs) best.set(key, value);
      }
    }
    return [...best.values()].sort((a, b) => (`${a.device}.${a.signal}` < `${b.device}.${b.signal}` ? -1 : 1));
  }

  #ofStream(stream: StoredStream, hot: readonly SampleRow[]): LatestValue[] {
    const newest = new Map<number, Newest>();
    for (const row of hot) keepNewer(newest, row);
    const sought = new Set(this.#signalsOf(stream.id));
    for (const { start, rows } of this.#reader.newestChunks(stream, MAX_CHUNKS)) {
      for (const row of rows()) {
        keepNewer(newest, row);
        for (const signal of row.signals) sought.delete(signal);
      }
      // All chunks further back lie before this one.
      for (const signal of sought)
        if ((newest.get(signal)?.ts ?? Number.NEGATIVE_INFINITY) >= start) sought.delete(signal);
      if (sought.size === 0) break;
    }
    const device = this.#names.nameOf(stream.device);
    return [...newest].map(([signal, value]) => ({
      device,
      signal: this.#names.nameOf(signal),
      periodMs: stream.period,
      ...value,
    }));
  }
}
