/** The values of one signal, as they came or rolled up by the server. */
import { flux, fluxDuration, fluxExpression, fluxInteger } from '@influxdata/influxdb-client';
import { InputError } from '../../contracts/errors.ts';
import type { RawPoint, RolledPoint, SeriesAnswer, SeriesQuery } from '../../contracts/ports/read-model.ts';
import { textNotRolledUp, tooManyPoints } from '../../contracts/too-many-points.ts';
import { from, type FluxReader, type Row, type Selection } from './flux-rows.ts';
import { disputedMeasurement, FLAG, numberField, PERIODS, reportMeasurement, TEXT } from './measurements.ts';
import { Receipts } from './receipts.ts';
import { fromStored } from './stored-text.ts';

/** What there is of a signal in a range, in reports of one period. */
interface Stock {
  readonly periodMs: number;
  numbers: number;
  texts: number;
  disputed: number;
}

const AGGREGATES = ['count', 'min', 'max', 'sum', 'first', 'last'] as const;
type Aggregate = (typeof AGGREGATES)[number] | 'flagged';
type Window = { -readonly [Key in keyof RolledPoint]: RolledPoint[Key] };

const msOf = (row: Row): number => Date.parse(String(row['_time']));

/** Digits behind the milliseconds of an instant: the revision of a disputed value. */
function revisionOf(row: Row): number {
  const digits = /\.\d{3}(\d+)Z$/.exec(String(row['_time']))?.[1];
  return digits === undefined ? 0 : Number(digits.padEnd(6, '0'));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export class SeriesReader {
  readonly #reader: FluxReader;

  constructor(reader: FluxReader) {
    this.#reader = reader;
  }

  /** @throws InputError, UnavailableError, ConfigError */
  async series(query: SeriesQuery): Promise<SeriesAnswer> {
    const { everyMs, signal, fromAt, toAt } = query;
    if (everyMs !== undefined && !(everyMs > 0)) throw new InputError('"every" must be a span above zero.');
    const stocks = fromAt < toAt ? await this.#stocks(query) : [];
    for (const stock of stocks) {
      if (everyMs === undefined) return { kind: 'raw', points: await this.#raw(query, stock) };
      if (stock.texts > 0) throw textNotRolledUp(signal);
      if (stock.numbers > 0) return { kind: 'rolled', everyMs, points: await this.#rolled(query, stock, everyMs) };
    }
    return everyMs === undefined ? { kind: 'raw', points: [] } : { kind: 'rolled', everyMs, points: [] };
  }

  #selection({ site, device, fromAt, toAt }: SeriesQuery): Omit<Selection, 'measurements'> {
    return { bucket: this.#reader.bucket, site, device, fromAt, toAt };
  }

  /** The finest first; what there is nothing of is absent. */
  async #stocks(query: SeriesQuery): Promise<readonly Stock[]> {
    const periods = query.periodMs === undefined ? PERIODS : PERIODS.filter((period) => period === query.periodMs);
    if (periods.length === 0) return [];
    const stocks = new Map<string | undefined, Stock>();
    for (const periodMs of periods) {
      const stock = { periodMs, numbers: 0, texts: 0, disputed: 0 };
      stocks.set(reportMeasurement(periodMs), stock).set(disputedMeasurement(periodMs), stock);
    }
    const fields = [numberField(query.signal), `${query.signal}${TEXT}`];
    const measurements = [...stocks.keys()].filter((name) => name !== undefined);
    const source = from({ ...this.#selection(query), measurements, fields });
    for (const row of await this.#reader.rows(flux`${source} |> count()`)) {
      const measurement = String(row['_measurement']);
      const stock = stocks.get(measurement);
      if (stock === undefined) continue;
      const count = Number(row['_value']);
      if (measurement === disputedMeasurement(stock.periodMs)) stock.disputed += count;
      else if (row['_field'] === fields[1]) stock.texts += count;
      else stock.numbers += count;
    }
    return [...new Set(stocks.values())].filter(({ numbers, texts, disputed }) => numbers + texts + disputed > 0);
  }

  async #raw(query: SeriesQuery, stock: Stock): Promise<RawPoint[]> {
    const { numbers, texts, disputed, periodMs } = stock;
    if (numbers + texts + disputed > query.maxPoints) throw tooManyPoints(query);
    const { signal } = query;
    const fields = [numberField(signal), `${signal}${TEXT}`, `${signal}${FLAG}`];
    const measurements = [reportMeasurement(periodMs), disputedMeasurement(periodMs)].filter((m) => m !== undefined);
    const source = from({ ...this.#selection(query), measurements, fields, withReceipts: true });
    const rows = await this.#reader.rows(flux`${source} |> drop(columns: ["_start", "_stop", "site", "device"])`);
    return toRawPoints(rows, signal, periodMs);
  }

  async #rolled(query: SeriesQuery, { periodMs, numbers }: Stock, everyMs: number): Promise<RolledPoint[]> {
    const { signal, maxPoints, originAt = 0 } = query;
    const measurements = [reportMeasurement(periodMs)].filter((name) => name !== undefined);
    const selection = { ...this.#selection(query), measurements };
    const values = from({ ...selection, fields: [numberField(signal)] });
    const flags = from({ ...selection, fields: [`${signal}${FLAG}`] });
    const every = fluxDuration(`${String(everyMs)}ms`);
    const offset = fluxDuration(`${String(((originAt % everyMs) + everyMs) % everyMs)}ms`);
    // More than there are values there cannot be.
    const limit = fluxInteger(Math.min(maxPoints, numbers) + 1);
    // Each by itself: so the store does the work, and not the interpreter above it.
    const parts = ([...AGGREGATES, 'flagged'] as const).map((name) => {
      const fn = fluxExpression(name === 'flagged' ? 'count' : name);
      const source = name === 'flagged' ? flags : values;
      return flux`${source}
        |> aggregateWindow(every: ${every}, offset: ${offset}, fn: ${fn}, createEmpty: false, timeSrc: "_start")
        |> limit(n: ${limit}) |> keep(columns: ["_time", "_value"]) |> yield(name: ${name})`.toString();
    });
    const windows = new Map<number, Window>();
    for (const row of await this.#reader.rows(fluxParts(parts))) fill(windows, row, { everyMs, originAt });
    if (windows.size > maxPoints) throw tooManyPoints(query);
    return [...windows.values()]
      .map((window) => ({ ...window, mean: window.sum / window.count }))
      .sort((a, b) => a.start - b.start);
  }
}

function fluxParts(parts: readonly string[]): ReturnType<typeof flux> {
  return fluxExpression(parts.join('\n'));
}

function fill(
  windows: Map<number, Window>,
  row: Row,
  { everyMs, originAt }: { readonly everyMs: number; readonly originAt: number },
): void {
  // The first window begins, for the server, where the range does.
  const start = originAt + Math.floor((msOf(row) - originAt) / everyMs) * everyMs;
  const window = windows.get(start) ?? {
    ...{ start, count: 0, mean: 0, min: 0, max: 0, sum: 0, first: 0, last: 0, flagged: 0 },
  };
  windows.set(start, window);
  window[String(row['result']) as Aggregate] = Number(row['_value']);
}

function toRawPoints(rows: readonly Row[], signal: string, periodMs: number): RawPoint[] {
  const receipts = new Receipts();
  const flags = new Map<string, string>();
  const values: { place: string; at: number; revision: number; value: number | string }[] = [];
  for (const row of rows) {
    const place = String(row['_time']);
    const value = row['_value'];
    if (receipts.take(place, row)) continue;
    if (row['_field'] === `${signal}${FLAG}`) flags.set(place, String(value));
    else
      values.push({
        place,
        at: msOf(row),
        revision: revisionOf(row),
        value: isText(value) ? fromStored(value) : Number(value),
      });
  }
  return values
    .map(({ place, at, revision, value }) => {
      const received = receipts.of(place, signal) ?? 0;
      return { ts: at, periodMs, value, flag: flags.get(place) ?? 'N', received, revision };
    })
    .sort((a, b) => a.ts - b.ts || a.revision - b.revision);
}
