/** Averaging periods of limits and caps: spans that tile the local calendar. */
import { parseDuration } from '../time/duration.ts';
import { DAY_MS, MINUTE_MS } from '../time/instant.ts';
import type { Average } from './registry.ts';

/** What an averaging period may be, for messages. */
export const AVERAGE_WORDS =
  'whole minutes that divide a day (PT5M, PT1H), whole days (P1D, P7D), a month (P1M) or a year (P1Y)';

/**
 * An averaging period: whole minutes that divide a day, whole days, one month or one year.
 * `undefined` for anything else: a span that does not tile the day would start at another minute every day.
 * @example parseAverage('PT1H') // { text: 'PT1H', ms: 3600000, months: 0 }
 */
export function parseAverage(text: string): Average | undefined {
  const duration = parseDuration(text);
  if (duration === undefined) return undefined;
  const { ms, months } = duration;
  if (months > 0) return ms === 0 && (months === 1 || months === 12) ? { text, ms, months } : undefined;
  const tiles = ms % DAY_MS === 0 || (ms % MINUTE_MS === 0 && DAY_MS % ms === 0);
  return tiles ? { text, ms, months } : undefined;
}
