import { InputError } from '../../contracts/errors.ts';
import type {
  LatestValue,
  RawPoint,
  RolledPoint,
  SeriesAnswer,
  SeriesQuery,
} from '../../contracts/ports/read-model.ts';
import { textNotRolledUp, tooManyPoints } from '../../contracts/too-many-points.ts';
import type { NameTable } from './name-table.ts';
import type { Queries } from './query-builder.ts';
import type { Column } from './sample-chunk-read.ts';
import type { StoredStream, StreamReader } from './stream-reader.ts';
import { Latest } from './latest-values.ts';

const N = 78;

function rawPoints(columns: Iterable<Column>, stream: StoredStream, query: SeriesQuery): RawPoint[] {
  const points: RawPoint[] = [];
  for (const { ts, received, revisions, values, flags } of columns) {
    values.forEach((value, i) => {
      const at = ts[i] ?? 0;
      if (at < query.fromAt || at >= query.toAt) return;
      if (points.length === query.maxPoints) throw tooManyPoints(query);
      const point = { ts: at, periodMs: stream.period, value, flag: flags[i] ?? 'N' };
      points.push({ ...point, received: received[i] ?? 0, revision: revisions[i] ?? 0 });
    });
  }
  return points;
}

type Window = { -readonly [Key in keyof RolledPoint]: RolledPoint[Key] };

/** Gathers values, given in the order of time, into windows. */
class RollUp {
  readonly #query: SeriesQuery;
  readonly #everyMs: number;
  readonly #windows: Window[] = [];

  constructor(query: SeriesQuery, everyMs: number) {
    this.#query = query;
    this.#everyMs = everyMs;
  }

  add({ ts, revisions, values, flags }: Column): void {
    const { fromAt, toAt, signal } = this.#query;
    for (let i = 0; i < values.length; i += 1) {
      const at = ts[i] ?? 0;
      // Disputed values are looked at one by one; a roll-up is of the first ones, which are the evidence.
      if (at < fromAt || at >= toAt || (revisions[i] ?? 0) > 0) continue;
      const value = values[i];
      if (typeof value === 'string') throw textNotRolledUp(signal);
      this.#addOne(at, value ?? Number.NaN, flags.charCodeAt(i) !== N);
    }
  }

  points(): RolledPoint[] {
    for (const window of this.#windows) window.mean = window.sum / window.count;
    return this.#windows;
  }

  #addOne(at: number, value: number, flagged: boolean): void {
    let window = this.#windows.at(-1);
    if (window === undefined || at >= window.start + this.#everyMs) {
      window = this.#open(at, value);
    }
    window.count += 1;
    window.sum += value;
    window.last = value;
    if (value < window.min) window.min = value;
    if (value > window.max) window.max = value;
    if (flagged) window.flagged += 1;
  }

  #open(at: number, value: number): Window {
    if (this.#windows.length === this.#query.maxPoints) throw tooManyPoints(this.#query);
    const origin = this.#query.originAt ?? 0;
    const start = origin + Math.floor((at - origin) / this.#everyMs) * this.#everyMs;
    const window = { start, count: 0, mean: 0, min: value, max: value, sum: 0, first: value, last: value, flagged: 0 };
    this.#windows.push(window);
    return window;
  }
}

/** Series and latest values; use within one snapshot. */
export class SeriesQueries {
  readonly #queries: Queries;
  readonly #names: NameTable;
  readonly #reader: StreamReader;

  constructor(queries: Queries, names: NameTable, reader: StreamReader) {
    this.#queries = queries;
    this.#names = names;
    this.#reader = reader;
  }

  /**
   * The values of one signal, raw or rolled up.
   * @throws InputError where more points than asked for would come out, or a text should be rolled up
   */
  series(query: SeriesQuery): SeriesAnswer {
    const { everyMs } = query;
    if (everyMs !== undefined && !(everyMs > 0)) throw new InputError('"every" must be a span above zero.');
    let answer: SeriesAnswer =
      everyMs === undefined ? { kind: 'raw', points: [] } : { kind: 'rolled', everyMs, points: [] };
    const signal = this.#names.find(query.signal);
    if (signal === undefined) return answer;
    for (const stream of this.#streamsOf(query)) {
      answer = this.#read(stream, signal, query);
      // The finest that there is: streams come in the order of their periods.
      if (answer.points.length > 0) return answer;
    }
    return answer;
  }

  /** The newest value of every signal of a site. */
  latest(site: string): LatestValue[] {
    const id = this.#names.find(site);
    if (id === undefined) return [];
    const streams = this.#queries.all<StoredStream>('SELECT id, site, device, period FROM stream WHERE site = ?', id);
    const latest = new Latest(this.#reader, this.#names, (stream) => this.#signalsOf(stream));
    return latest.of(id, streams);
  }

  #signalsOf(stream: number): number[] {
    const rows = this.#queries.all<{ signal: number }>('SELECT signal FROM stream_signal WHERE stream = ?', stream);
    return rows.map(({ signal }) => signal);
  }

  #streamsOf({ site, device, periodMs }: SeriesQuery): StoredStream[] {
    const [siteId, deviceId] = [this.#names.find(site), this.#names.find(device)];
    if (siteId === undefined || deviceId === undefined) return [];
    const streams = this.#queries.all<StoredStream>(
      'SELECT id, site, device, period FROM stream WHERE site = ? AND device = ? ORDER BY period',
      siteId,
      deviceId,
    );
    return periodMs === undefined ? streams : streams.filter(({ period }) => period === periodMs);
  }

  #read(stream: StoredStream, signal: number, query: SeriesQuery): SeriesAnswer {
    const columns = this.#reader.columns(stream, signal, query.fromAt, query.toAt);
    if (query.everyMs === undefined) return { kind: 'raw', points: rawPoints(columns, stream, query) };
    const rollUp = new RollUp(query, query.everyMs);
    for (const column of columns) rollUp.add(column);
    return { kind: 'rolled', everyMs: query.everyMs, points: rollUp.points() };
  }
}
