/** Instants and spans as they are written in a registry. */
import { parseClockDuration } from '../time/duration.ts';
import { parseInstant } from '../time/instant.ts';
import type { LocalTime } from '../time/local-time.ts';
import { AVERAGE_WORDS, parseAverage } from './average.ts';
import { describeValue } from './describe-value.ts';
import { at, type Place } from './place.ts';
import type { ReadContext } from './read-context.ts';
import type { Average } from './registry.ts';

/**
 * Epoch milliseconds of an RFC 3339 instant with offset, or of the local midnight that begins a date; NaN for
 * anything else.
 */
export function parseMoment(text: string, time: LocalTime): number {
  return text.length === 10 ? time.midnight(text) : parseInstant(text);
}

/** What to do about a text that is no moment. */
export function momentRemedy(text: string): string {
  return /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)
    ? 'Add seconds and the offset, as in 2026-11-22T08:00:00+08:00.'
    : 'Write it as 2026-11-22 or as 2026-11-22T08:00:00+08:00.';
}

export const MOMENT_EXPECTED = 'expected an RFC 3339 instant with offset or a date';

/** The moment at `place`; `absent` where there is none or where it cannot be read, which is a problem. */
function readMoment(text: string | null | undefined, place: Place, context: ReadContext, absent: number): number {
  if (text === null || text === undefined) return absent;
  const moment = parseMoment(text, context.time);
  if (!Number.isNaN(moment)) return moment;
  context.problems.problem(place, 'instant-invalid', {
    message: `saw ${describeValue(text)}, ${MOMENT_EXPECTED}`,
    remedy: momentRemedy(text),
  });
  return absent;
}

export interface WrittenSpan {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** [fromAt, toAt) of an entry; open where nothing is written. */
export function readSpan(entry: WrittenSpan, place: Place, context: ReadContext): { fromAt: number; toAt: number } {
  const fromAt = readMoment(entry.from, at(place, 'from'), context, -Infinity);
  const toAt = readMoment(entry.to, at(place, 'to'), context, Infinity);
  if (fromAt >= toAt) {
    const message = `\`to\` (${entry.to ?? ''}) is not after \`from\` (${entry.from ?? ''})`;
    context.problems.problem(at(place, 'to'), 'span-reversed', {
      message,
      remedy: 'Spans hold from `from` up to, without, `to`.',
    });
  }
  return { fromAt, toAt };
}

/** Milliseconds of a duration without months or years; `absent` where there is none or it cannot be read. */
export function readDuration(text: string | undefined, place: Place, context: ReadContext, absent: number): number {
  if (text === undefined) return absent;
  const ms = parseClockDuration(text);
  if (ms !== undefined) return ms;
  const message = `saw ${describeValue(text)}, expected an ISO 8601 duration of weeks, days, hours, minutes or seconds`;
  context.problems.problem(place, 'duration-invalid', { message, remedy: 'Write it as PT1M, PT4H or P1D.' });
  return absent;
}

/** An averaging period; `undefined` where it is absent or none, which is a problem. */
export function readAverage(text: string | undefined, place: Place, context: ReadContext): Average | undefined {
  if (text === undefined) return undefined;
  const average = parseAverage(text);
  if (average === undefined) {
    const message = `saw ${describeValue(text)}, expected a period of ${AVERAGE_WORDS}`;
    context.problems.problem(place, 'duration-invalid', {
      message,
      remedy: 'Choose a period that starts anew at midnight.',
    });
  }
  return average;
}
