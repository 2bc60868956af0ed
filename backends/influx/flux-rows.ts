/** Questions in Flux, answered row by row. Whatever a user said comes in through {@link flux}, which quotes it. */
import {
  chunksToLines,
  flux,
  fluxDateTime,
  fluxExpression,
  HttpError,
  linesToTables,
  type FluxParameterLike,
  type FluxTableMetaData,
  type InfluxDB,
  type ParameterizedQuery,
} from '@influxdata/influxdb-client';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { toOurError } from './influx-errors.ts';
import { QUERY_TIMEOUT_MS, type InfluxSettings } from './influx-settings.ts';
import type { OpenRequests } from './open-requests.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What the server can hold: nanoseconds in 64 bits. */
const FIRST_MS = -9_223_372_036_854;
const LAST_MS = 9_223_372_036_854;

/** A piece of Flux as it is, for pieces made by {@link flux} alone. */
function piece(query: ParameterizedQuery): FluxParameterLike {
  return fluxExpression(query.toString());
}

function instant(ms: number): FluxParameterLike {
  return fluxDateTime(new Date(Math.min(LAST_MS, Math.max(FIRST_MS, ms))).toISOString());
}

/** One of these, in a filter. */
function isOneOf(column: '_measurement' | '_field', values: readonly string[]): FluxParameterLike {
  const name = fluxExpression(`r.${column}`);
  const terms = values.map((value) => flux`${name} == ${value}`.toString());
  return fluxExpression(`(${terms.join(' or ')})`);
}

export interface Selection {
  readonly bucket: string;
  readonly fromAt: number;
  readonly toAt: number;
  readonly measurements: readonly string[];
  readonly site: string;
  readonly device?: string;
  /** Absent = all. */
  readonly fields?: readonly string[];
  /** Beside `fields`: those that say when reports came. */
  readonly withReceipts?: boolean;
}

/** The beginning of every question: which points, in a bounded range. */
export function from(at: Selection): FluxParameterLike {
  const { bucket, fromAt, toAt, measurements, site, device, fields, withReceipts } = at;
  const ofDevice = device === undefined ? fluxExpression('') : piece(flux` and r.device == ${device}`);
  const named = fields === undefined ? undefined : isOneOf('_field', fields);
  const receipts = fluxExpression(withReceipts === true ? ' or r._field =~ /__(received|with)$/' : '');
  const ofFields = named === undefined ? fluxExpression('') : piece(flux` |> filter(fn: (r) => ${named}${receipts})`);
  return piece(flux`from(bucket: ${bucket})
    |> range(start: ${instant(fromAt)}, stop: ${instant(toAt)})
    |> filter(fn: (r) => ${isOneOf('_measurement', measurements)} and r.site == ${site}${ofDevice})${ofFields}`);
}

/** @throws InvariantError for what the server cannot read: our bug; UnavailableError, ConfigError */
function toReadError(error: unknown, settings: InfluxSettings): Error {
  if (error instanceof HttpError && error.statusCode === 400)
    return new InvariantError(`InfluxDB cannot read a question: ${error.message}`, { cause: error });
  return toOurError(error, settings);
}

const DIALECT = { header: true, delimiter: ',', commentPrefix: '#', annotations: ['datatype', 'group', 'default'] };

function toRow(values: string[], table: FluxTableMetaData): Row {
  const row = table.toObject(values);
  // A question that fails halfway has begun its answer already; the failure is a table at its end.
  if ('error' in row && 'reference' in row) throw new UnavailableError(`InfluxDB: ${String(row['error'])}`);
  return row;
}

export class FluxReader {
  readonly #influx: InfluxDB;
  readonly #settings: InfluxSettings;

  readonly #requests: OpenRequests;

  constructor(influx: InfluxDB, settings: InfluxSettings, requests: OpenRequests) {
    this.#influx = influx;
    this.#settings = settings;
    this.#requests = requests;
  }

  get bucket(): string {
    return this.#settings.bucket;
  }

  /** @throws UnavailableError, ConfigError */
  async rows(query: ParameterizedQuery): Promise<readonly Row[]> {
    const { queryTimeoutMs = QUERY_TIMEOUT_MS } = this.#settings;
    try {
      return await this.#requests.run(queryTimeoutMs, (signal) => this.#ask(query, signal));
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      throw toReadError(error, this.#settings);
    }
  }

  /** @param signal ours: the client's own limit is for silence, and leaves the connection open */
  #ask(query: ParameterizedQuery, signal: AbortSignal): Promise<readonly Row[]> {
    const { transport } = this.#influx;
    const path = `/api/v2/query?${new URLSearchParams({ org: this.#settings.organisation }).toString()}`;
    const body = JSON.stringify({ query: query.toString(), type: 'flux', dialect: DIALECT });
    const headers = { 'content-type': 'application/json', accept: 'application/csv', 'accept-encoding': 'gzip' };
    return new Promise((resolve, reject) => {
      const rows: Row[] = [];
      const tables = linesToTables({
        next: (values, table) => {
          rows.push(toRow(values, table));
        },
        error: reject,
        complete: () => {
          resolve(rows);
        },
      });
      transport.send(path, body, { method: 'POST', headers, signal }, chunksToLines(tables, transport.chunkCombiner));
    });
  }
}
