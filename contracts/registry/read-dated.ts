/** Values that change with time: a scalar for ever, or a list of values in force in [from, to). */
import { at, entriesOf, type Place } from './place.ts';
import type { ReadContext } from './read-context.ts';
import { readSpan, type WrittenSpan } from './read-span.ts';
import type { Dated } from './registry.ts';

export interface WrittenDated<T> extends WrittenSpan {
  readonly value?: T | undefined;
}

export interface PlacedSpan {
  readonly fromAt: number;
  readonly toAt: number;
  readonly place: Place;
}

/**
 * A scalar or a list as dated values. An entry without `to` ends where the next one begins; `to: null` says "for
 * ever" and must stand last. Entries that overlap or do not ascend are problems.
 * @param gaps whether a time without any value is worth a warning (a status that is merely "not so" then is none)
 */
export function readDated<T extends string | boolean>(
  written: T | readonly (WrittenDated<T> | undefined)[] | undefined,
  place: Place,
  context: ReadContext,
  gaps: 'warn' | 'fine',
): Dated<T>[] {
  if (written === undefined) return [];
  if (!isList(written)) return [{ value: written, fromAt: -Infinity, toAt: Infinity }];
  const entries = entriesOf(written, place);
  const spans = settleSpans(entries, context, gaps);
  return entries.flatMap(([entry], index) => {
    const span = spans[index];
    if (span === undefined || entry.value === undefined) return [];
    return [{ value: entry.value, fromAt: span.fromAt, toAt: span.toAt }];
  });
}

function isList<T>(
  written: T | readonly (WrittenDated<T> | undefined)[],
): written is readonly (WrittenDated<T> | undefined)[] {
  return Array.isArray(written);
}

/** The spans of a list that follows time, each ended by the next one where it names no end. */
export function settleSpans(
  entries: readonly (readonly [WrittenSpan, Place])[],
  context: ReadContext,
  gaps: 'warn' | 'fine',
): PlacedSpan[] {
  const written = entries.map(([entry, place]) => ({
    ...readSpan(entry, place, context),
    place,
    open: entry.to === undefined,
  }));
  return written.map(({ fromAt, toAt, place, open }, index) => {
    const next = written[index + 1];
    if (next === undefined) return { fromAt, toAt, place };
    if (next.fromAt < fromAt) {
      const message = 'this entry begins before the one above it';
      context.problems.problem(
        at(next.place, 'from'),
        'dated-unordered',
        { message, remedy: 'Put the entries in order of `from`.' },
        at(place, 'from'),
      );
    } else if (next.fromAt === fromAt || (!open && next.fromAt < toAt)) {
      const message = 'this entry begins while the one above it is still in force';
      context.problems.problem(
        at(next.place, 'from'),
        'dated-overlap',
        { message, remedy: 'End the one above with `to` at this `from`.' },
        at(place, 'to'),
      );
    } else if (!open && next.fromAt > toAt && gaps === 'warn') {
      const message = 'between the entry above and this one nothing is in force';
      context.problems.warning(
        at(next.place, 'from'),
        'dated-gap',
        { message, remedy: 'Close the gap, or leave `to` of the entry above out.' },
        at(place, 'to'),
      );
    }
    return { fromAt, toAt: open ? next.fromAt : toAt, place };
  });
}

/** Pairs of spans that overlap, the later one first; each span is compared with the one that reaches furthest before it. */
export function overlaps<T extends PlacedSpan>(spans: readonly T[]): [later: T, earlier: T][] {
  const ordered = spans.toSorted((left, right) => left.fromAt - right.fromAt);
  const pairs: [T, T][] = [];
  let furthest: T | undefined;
  for (const span of ordered) {
    if (furthest !== undefined && span.fromAt < furthest.toAt && span.fromAt < span.toAt) pairs.push([span, furthest]);
    if (furthest === undefined || span.toAt > furthest.toAt) furthest = span;
  }
  return pairs;
}
