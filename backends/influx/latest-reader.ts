/** The newest value of every signal of a site. */
import { flux } from '@influxdata/influxdb-client';
import type { LatestValue } from '../../contracts/ports/read-model.ts';
import { from, type FluxReader, type Row } from './flux-rows.ts';
import { FLAG, PERIODS, RECEIVED, reportMeasurement, TEXT, WITH } from './measurements.ts';
import { Receipts } from './receipts.ts';
import { fromStored } from './stored-text.ts';

interface Newest {
  readonly device: string;
  readonly signal: string;
  readonly periodMs: number;
  readonly at: number;
  readonly value: number | string;
}

/** All that the server can hold: a device that was switched off years ago still has a last value. */
const ALWAYS = { fromAt: Number.NEGATIVE_INFINITY, toAt: Number.POSITIVE_INFINITY };
const SUFFIXES = [FLAG, RECEIVED, WITH];
const PERIOD_OF: ReadonlyMap<string, number> = new Map(PERIODS.map((ms) => [reportMeasurement(ms) ?? '', ms]));
const MEASUREMENTS = [...PERIOD_OF.keys()];

function placeOf(row: Row): string {
  return `${String(row['_measurement'])} ${String(row['device'])} ${String(row['_time'])}`;
}

function placeOfValue({ periodMs, device, at }: Newest): string {
  return `${reportMeasurement(periodMs) ?? ''} ${device} ${String(at)}`;
}

/** The value of a row, unless it says something about values. */
function toNewest(row: Row): Newest | undefined {
  const field = String(row['_field']);
  if (SUFFIXES.some((suffix) => field.endsWith(suffix))) return undefined;
  const value = row['_value'];
  return {
    device: String(row['device']),
    signal: field.split('__', 1)[0] ?? field,
    periodMs: PERIOD_OF.get(String(row['_measurement'])) ?? 0,
    at: Date.parse(String(row['_time'])),
    value: field.endsWith(TEXT) ? fromStored(String(value)) : Number(value),
  };
}

/** Of several periods of one signal the value that reaches furthest; of equal ones the finest. */
function reachesFurther(a: Newest, b: Newest | undefined): boolean {
  if (b === undefined) return true;
  const further = a.at + a.periodMs - (b.at + b.periodMs);
  return further > 0 || (further === 0 && a.periodMs < b.periodMs);
}

function bestOf(rows: readonly Row[]): readonly Newest[] {
  const best = new Map<string, Newest>();
  for (const row of rows) {
    const newest = toNewest(row);
    if (newest === undefined) continue;
    const key = `${newest.device}.${newest.signal}`;
    if (reachesFurther(newest, best.get(key))) best.set(key, newest);
  }
  return [...best.values()].sort((a, b) => (`${a.device}.${a.signal}` < `${b.device}.${b.signal}` ? -1 : 1));
}

/** Flags and receipts by place. */
class About {
  readonly receipts = new Receipts();
  readonly flags = new Map<string, string>();

  take(rows: readonly Row[]): void {
    for (const row of rows) {
      const key = placeOf({ ...row, _time: Date.parse(String(row['_time'])) });
      if (this.receipts.take(key, row)) continue;
      const field = String(row['_field']);
      if (field.endsWith(FLAG)) this.flags.set(`${key} ${field.slice(0, -FLAG.length)}`, String(row['_value']));
    }
  }
}

export class LatestReader {
  readonly #reader: FluxReader;

  constructor(reader: FluxReader) {
    this.#reader = reader;
  }

  /** @throws UnavailableError, ConfigError */
  async latest(site: string): Promise<readonly LatestValue[]> {
    const source = from({ bucket: this.#reader.bucket, ...ALWAYS, measurements: MEASUREMENTS, site });
    const rows = await this.#reader.rows(flux`${source} |> last()`);
    const best = bestOf(rows);
    const about = new About();
    about.take(rows);
    // A signal that its device no longer sends with the others: of its report only the last value is among the last.
    const missing = best.filter((value) => about.receipts.of(placeOfValue(value), value.signal) === undefined);
    for (const place of new Map(missing.map((value) => [placeOfValue(value), value])).values())
      about.take(await this.#rowsAt(site, place));
    return best.map((newest) => {
      const place = placeOfValue(newest);
      const { device, signal, at, periodMs, value } = newest;
      const received = about.receipts.of(place, signal) ?? 0;
      return { device, signal, ts: at, periodMs, value, flag: about.flags.get(`${place} ${signal}`) ?? 'N', received };
    });
  }

  async #rowsAt(site: string, { device, periodMs, at }: Newest): Promise<readonly Row[]> {
    const measurements = [reportMeasurement(periodMs) ?? ''];
    const where = { bucket: this.#reader.bucket, fromAt: at, toAt: at + 1, measurements, site, device };
    return this.#reader.rows(flux`${from(where)}`);
  }
}
