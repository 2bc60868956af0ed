/** Which limits of an outlet are looked at while their periods still run; worked out once per registry version. */
import type { Device, Limit } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';

/** Clock-aligned periods that sudden changes are looked for in. */
export const SLOT_MS = 10 * MINUTE_MS;

export interface LimitWatch {
  /** Legal maxima of the hour. */
  readonly hourly: readonly { readonly limit: Limit; readonly key: string; readonly max: number }[];
  /** Signals with a legal maximum: its limits, that of the hour first, then the shortest average. */
  readonly surging: readonly { readonly signal: string; readonly limits: readonly Limit[] }[];
}

/** Name of a limit in the state. */
export function limitKey(limit: Limit): string {
  return `${limit.signal}|${limit.average.text}|${limit.role}|${String(limit.fromAt)}`;
}

function lengthMs({ average }: Limit): number {
  return average.months * 30 * DAY_MS + average.ms;
}

function byAverage(a: Limit, b: Limit): number {
  const [first, second] = [lengthMs(a), lengthMs(b)];
  if (first === second) return a.fromAt - b.fromAt;
  if (first === HOUR_MS) return -1;
  return second === HOUR_MS ? 1 : first - second;
}

export function watchLimits(limits: readonly Limit[], devices: readonly Device[]): LimitWatch {
  const maxima = limits.filter((limit) => limit.role === 'legal' && limit.max !== undefined);
  const hourly = maxima.filter((limit) => lengthMs(limit) === HOUR_MS);
  // A monitor that speaks more rarely has no means of ten minutes.
  const isQuick = devices.some(({ everyMs }) => everyMs <= SLOT_MS);
  const signals = isQuick ? [...new Set(maxima.map(({ signal }) => signal))] : [];
  return {
    hourly: hourly.flatMap((limit) =>
      limit.max === undefined ? [] : [{ limit, key: limitKey(limit), max: limit.max }],
    ),
    surging: signals.map((signal) => ({
      signal,
      limits: maxima.filter((limit) => limit.signal === signal).sort(byAverage),
    })),
  };
}
