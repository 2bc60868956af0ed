/** What the server's refusals mean here. */
import { HttpError } from '@influxdata/influxdb-client';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import type { InfluxSettings } from './influx-settings.ts';

const SECOND_MS = 1_000;
const LONGEST_WAIT_MS = 600_000;

/** `Retry-After`: seconds, or a date. The client takes its number for milliseconds. */
export function retryAfterMs(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const asked = /^\d+$/.test(header) ? Number(header) * SECOND_MS : Date.parse(header) - now;
  return Number.isNaN(asked) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, asked));
}

/** Of an error without a message, as of several refused addresses, its code. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  const { code } = error as { readonly code?: string };
  return error.message === '' ? (code ?? error.name) : error.message;
}

/**
 * Refused for who asks or what is asked for: nothing that trying again helps, until somebody changes it. Anything else
 * but an answer is a server that is away, slow or busy.
 */
export function toOurError(error: unknown, { url, organisation, bucket }: InfluxSettings): Error {
  const status = error instanceof HttpError ? error.statusCode : 0;
  const said = messageOf(error);
  if (status === 401 || status === 403) {
    return new ConfigError([
      `InfluxDB at ${url} refuses the token (${said}): set influxToken to one that may read and write bucket ${bucket} of organisation ${organisation}`,
    ]);
  }
  if (status === 404) {
    return new ConfigError([
      `InfluxDB at ${url}: ${said}; make it (influx bucket create --org ${organisation} --name ${bucket}) or correct influxOrg and influxBucket`,
    ]);
  }
  const asked = error instanceof HttpError ? retryAfterMs(error.headers?.['retry-after'], Date.now()) : undefined;
  return new UnavailableError(`InfluxDB at ${url}: ${said}`, { cause: error, retryAfterMs: asked });
}
