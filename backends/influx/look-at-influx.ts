/** What an InfluxDB says of itself, of the bucket, and of what the token may do; nothing is written. */
import { InfluxSeriesStore } from './influx-series-store.ts';
import type { InfluxSettings } from './influx-settings.ts';

export interface InfluxFacts {
  /** Why it does not answer; undefined where it does, whatever it says. */
  readonly trouble: string | undefined;
  readonly version: string | undefined;
  /** How far its clock is ahead of ours, ms; it is told in whole seconds. */
  readonly aheadMs: number | undefined;
  /** Why the bucket cannot be looked at, or how long it keeps, in ms; 0 = for ever, undefined = it is not there. */
  readonly keepsMs: number | undefined | Error;
  /** Why it may not be read, or written. */
  readonly readRefusal: string | undefined;
  readonly writeRefusal: string | undefined;
}

const HALF_SECOND_MS = 500;

async function answerOf(
  { url, token }: InfluxSettings,
  path: string,
  options: { readonly timeoutMs: number; readonly body?: object },
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const { body, timeoutMs } = options;
  const response = await fetch(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'no answer in time';
  const { code, message: inner } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return code ?? inner ?? message;
}

function saidIn(status: number, text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: string };
    return message ?? `it answers ${String(status)}`;
  } catch (error) {
    return error instanceof SyntaxError ? `it answers ${String(status)}` : String(error);
  }
}

interface Bucket {
  readonly name: string;
  readonly retentionRules?: readonly { readonly type: string; readonly everySeconds: number }[];
}

async function bucketKeepsMs(settings: InfluxSettings, timeoutMs: number): Promise<number | undefined | Error> {
  const { bucket, organisation: org } = settings;
  const path = `/api/v2/buckets?${new URLSearchParams({ org, name: bucket }).toString()}`;
  try {
    const { status, text } = await answerOf(settings, path, { timeoutMs });
    if (status === 404) return undefined;
    if (status !== 200) return new Error(saidIn(status, text));
    const { buckets } = JSON.parse(text) as { readonly buckets: readonly Bucket[] };
    const found = buckets.find(({ name }) => name === bucket);
    if (found === undefined) return undefined;
    return (found.retentionRules?.find(({ type }) => type === 'expire')?.everySeconds ?? 0) * 1_000;
  } catch (error) {
    return new Error(reasonOf(error));
  }
}

async function whyUnreadable(settings: InfluxSettings, timeoutMs: number): Promise<string | undefined> {
  const { bucket, organisation: org } = settings;
  const query = `from(bucket: ${JSON.stringify(bucket).replaceAll('${', '\\${')}) |> range(start: -1m) |> limit(n: 1)`;
  const path = `/api/v2/query?${new URLSearchParams({ org }).toString()}`;
  try {
    const { status, text } = await answerOf(settings, path, { timeoutMs, body: { query, type: 'flux' } });
    return status === 200 ? undefined : saidIn(status, text);
  } catch (error) {
    return reasonOf(error);
  }
}

/** Nothing is written: an empty request is refused where a full one would be. */
async function whyUnwritable(settings: InfluxSettings, timeoutMs: number): Promise<string | undefined> {
  const store = new InfluxSeriesStore({ ...settings, writeTimeoutMs: timeoutMs });
  try {
    await store.expectWritable();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    store.close();
  }
}

/** @param timeoutMs of each question; all of it takes at most twice as long */
export async function lookAtInflux(settings: InfluxSettings, timeoutMs: number): Promise<InfluxFacts> {
  const nothing = { version: undefined, aheadMs: undefined, keepsMs: undefined } as const;
  const before = Date.now();
  let version: string | undefined;
  let shownAt: number;
  let after: number;
  try {
    const { headers } = await answerOf(settings, '/ping', { timeoutMs });
    after = Date.now();
    version = headers.get('x-influxdb-version') ?? undefined;
    shownAt = Date.parse(headers.get('date') ?? '');
  } catch (error) {
    return { ...nothing, trouble: reasonOf(error), readRefusal: undefined, writeRefusal: undefined };
  }
  const aheadMs = shownAt + HALF_SECOND_MS - (before + after) / 2;
  const [keepsMs, readRefusal, writeRefusal] = await Promise.all([
    bucketKeepsMs(settings, timeoutMs),
    whyUnreadable(settings, timeoutMs),
    whyUnwritable(settings, timeoutMs),
  ]);
  const clock = Number.isNaN(aheadMs) ? undefined : aheadMs;
  return { trouble: undefined, version, aheadMs: clock, keepsMs, readRefusal, writeRefusal };
}
