/** Times in a scenario file: relative to its start, so that the same file plays today and tomorrow. */
import { parseClockDuration } from '../contracts/time/duration.ts';
import type { LocalTime } from '../contracts/time/local-time.ts';

const OFFSET = /^(start|hour|day)?((?:[+-]P[0-9DWTHMS]+)*)$/;
const STEP = /[+-]P[0-9DWTHMS]+/g;

export const OFFSET_WORDS =
  'a time relative to the start, such as -PT6H, +PT4M, hour-PT3H (from the begin of the hour) or day-P1D+PT9H (from local midnight)';

/**
 * The instant of a relative time: an anchor (`start`, the default; `hour` and `day`: begin of the local hour or day of
 * the start) and any number of steps, each an ISO 8601 duration with its sign. A day is 24 h here.
 * @returns NaN where the text is none
 * @example resolveOffset('day-P1D+PT9H', …) // 9 o'clock yesterday
 */
export function resolveOffset(text: string, startAt: number, time: LocalTime): number {
  const match = OFFSET.exec(text);
  if (match === null || text === '') return Number.NaN;
  let at = startAt;
  if (match[1] === 'hour') at = time.hourStart(startAt);
  if (match[1] === 'day') at = time.dayStart(startAt);
  for (const step of (match[2] ?? '').match(STEP) ?? []) {
    at += (step.startsWith('-') ? -1 : 1) * (parseClockDuration(step.slice(1)) ?? Number.NaN);
  }
  return at;
}

/** Minutes since midnight of a time of day `HH:MM`; NaN where it is none. */
export function parseTimeOfDay(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
}
