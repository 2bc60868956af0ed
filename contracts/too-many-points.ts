/** Answers are bounded: what would be too long is refused, with the way out. */
import { InputError } from './errors.ts';
import type { SeriesQuery } from './ports/read-model.ts';
import { formatClockDuration } from './time/duration.ts';
import { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS } from './time/instant.ts';

const HANDY_SPANS_MS = [
  ...[1, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 7, 30, 90, 365].map((days) => days * DAY_MS),
];

/** The refusal of a query with more points than `maxPoints`; names the smallest roll-up that fits. */
export function tooManyPoints({ fromAt, toAt, maxPoints, everyMs }: SeriesQuery): InputError {
  const fits = (span: number): boolean => span > (everyMs ?? 0) && (toAt - fromAt) / span + 1 <= maxPoints;
  const span = HANDY_SPANS_MS.find(fits);
  const range = `between ${formatInstant(fromAt, 0)} and ${formatInstant(toAt, 0)}`;
  const wayOut =
    span === undefined ? 'ask for a shorter range' : `use every=${formatClockDuration(span)}, or a shorter range`;
  return new InputError(`There are more than ${maxPoints} points ${range}: ${wayOut}.`);
}

/** The refusal to roll a text up. */
export function textNotRolledUp(signal: string): InputError {
  return new InputError(`${signal} is text, which cannot be rolled up: leave "every" out.`);
}
