/**
 * Lines to the server, a plain request a batch: who calls knows when they are durable. The client's own writer keeps
 * them in a buffer and drops them when that is full.
 */
import { HttpError, type InfluxDB } from '@influxdata/influxdb-client';
import { toOurError } from './influx-errors.ts';
import { WRITE_TIMEOUT_MS, type InfluxSettings } from './influx-settings.ts';
import type { OpenRequests } from './open-requests.ts';

export interface RefusedLine {
  /** Which of the lines that were given. */
  readonly index: number;
  readonly reason: string;
}

const MOST_LINES = 5_000;
const MOST_BYTES = 4 * 1024 * 1024;
const GZIP_FROM_BYTES = 16_384;

interface Part {
  readonly from: number;
  readonly lines: readonly string[];
}

/** Cut so that no request is too long; one line that is longer by itself goes alone. */
function* cut(lines: readonly string[]): Generator<Part> {
  let from = 0;
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    const size = Buffer.byteLength(line) + 1;
    if (index > from && (bytes + size > MOST_BYTES || index - from === MOST_LINES)) {
      yield { from, lines: lines.slice(from, index) };
      from = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < lines.length) yield { from, lines: lines.slice(from) };
}

/** The server looked at the lines and did not like some of them; a proxy's page of the same number is not it. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof HttpError)) return undefined;
  if (error.statusCode === 413) return error.message;
  const isAboutLines = error.statusCode === 400 || error.statusCode === 422;
  return isAboutLines && typeof error.code === 'string' ? error.message : undefined;
}

/** Whether the server says that not one of them is in: then nobody has to be looked for. */
function isAboutAll(reason: string, lines: number): boolean {
  const dropped = /\bdropped[= ](\d+)\b/.exec(reason)?.[1];
  return dropped !== undefined && Number(dropped) === lines;
}

export class LineWriter {
  readonly #influx: InfluxDB;
  readonly #settings: InfluxSettings;
  readonly #path: string;

  readonly #requests: OpenRequests;

  constructor(influx: InfluxDB, settings: InfluxSettings, requests: OpenRequests) {
    this.#influx = influx;
    this.#settings = settings;
    this.#requests = requests;
    const where = { org: settings.organisation, bucket: settings.bucket, precision: 'ns' };
    this.#path = `/api/v2/write?${new URLSearchParams(where).toString()}`;
  }

  /**
   * Resolves when every line is durable or refused for good.
   * @throws UnavailableError, ConfigError; some lines may be in then, and writing them again changes nothing
   */
  async write(lines: readonly string[]): Promise<readonly RefusedLine[]> {
    const refused: RefusedLine[] = [];
    for (const part of cut(lines)) refused.push(...(await this.#writePart(part)));
    return refused;
  }

  /** One bad line keeps the server from taking others, and its answer names one at most: halves are tried until it is alone. */
  async #writePart({ from, lines }: Part): Promise<readonly RefusedLine[]> {
    const reason = await this.#post(lines);
    if (reason === undefined) return [];
    if (lines.length === 1 || isAboutAll(reason, lines.length))
      return lines.map((_, i) => ({ index: from + i, reason }));
    const half = Math.ceil(lines.length / 2);
    const first = await this.#writePart({ from, lines: lines.slice(0, half) });
    return [...first, ...(await this.#writePart({ from: from + half, lines: lines.slice(half) }))];
  }

  /** @returns why some of them were refused; undefined where all of them are durable */
  async #post(lines: readonly string[]): Promise<string | undefined> {
    const { writeTimeoutMs = WRITE_TIMEOUT_MS } = this.#settings;
    try {
      await this.#requests.run(writeTimeoutMs, async (signal) => {
        await this.#influx.transport.request(this.#path, lines.join('\n'), {
          method: 'POST',
          headers: { 'content-type': 'text/plain; charset=utf-8', accept: 'application/json' },
          gzipThreshold: GZIP_FROM_BYTES,
          signal,
        });
      });
      return undefined;
    } catch (error) {
      const reason = refusal(error);
      if (reason === undefined) throw toOurError(error, this.#settings);
      return reason;
    }
  }
}
