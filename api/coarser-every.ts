/** Which roll-up makes a long range short enough. */
import { formatClockDuration } from '../contracts/time/duration.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/time/instant.ts';

/** Windows that people think in. */
const STEPS = [
  ...[1, 10, 30].map((count) => count * SECOND_MS),
  ...[1, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 4, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 7, 28].map((count) => count * DAY_MS),
];

/**
 * The shortest usual window of which at most `most` lie in a range.
 * @example coarserEvery(30 * DAY_MS, 10_000) // 'PT5M'
 */
export function coarserEvery(rangeMs: number, most: number): string {
  const step = STEPS.find((ms) => rangeMs / ms <= most);
  return formatClockDuration(step ?? Math.ceil(rangeMs / most / DAY_MS) * DAY_MS);
}
