/** Permit limits and emission caps of an outlet. */
import { massFlowOf } from '../mass-flow.ts';
import { HOUR_MS } from '../time/instant.ts';
import { at, entriesOf, type Place } from './place.ts';
import { readSignal, type ReadContext } from './read-context.ts';
import { overlaps, type PlacedSpan } from './read-dated.ts';
import { readAverage, readSpan } from './read-span.ts';
import type { CapEntry, Draft, LimitEntry } from './registry-file.ts';
import type { Average, Cap, Limit } from './registry.ts';

interface Placed extends PlacedSpan {
  readonly signal: string;
  readonly average: Average;
}

/** The limits of an outlet, in the order of the file. Those of one signal and average must not overlap in time. */
export function readLimits(
  written: Draft<readonly LimitEntry[]> | undefined,
  place: Place,
  context: ReadContext,
): readonly Limit[] {
  const limits: Limit[] = [];
  const placed: Placed[] = [];
  for (const [entry, spot] of entriesOf(written, place)) {
    const limit = readLimit(entry, spot, context);
    if (limit === undefined) continue;
    limits.push(limit);
    placed.push({ ...limit, place: spot });
  }
  reportOverlaps(placed, 'limit', context);
  return limits;
}

function readLimit(entry: Draft<LimitEntry>, place: Place, context: ReadContext): Limit | undefined {
  const { signal, max, min, source, role } = entry;
  const numeric = readNumericSignal(signal, at(place, 'signal'), context, 'a limit');
  const average = readAverage(entry.average, at(place, 'average'), context);
  const span = readSpan(entry, place, context);
  checkBounds(entry, place, context);
  const allow = readAllow(entry.allow, at(place, 'allow'), context);
  if (numeric === undefined || average === undefined) return undefined;
  return { signal: numeric, max, min, average, ...span, source, allow, role: role ?? 'legal' };
}

function checkBounds({ max, min }: Draft<LimitEntry>, place: Place, { problems }: ReadContext): void {
  if (max === undefined && min === undefined) {
    problems.problem(place, 'limit-bounds', {
      message: 'this limit has neither `max` nor `min`',
      remedy: 'Give it `max`, `min` or both.',
    });
  } else if (max !== undefined && min !== undefined && max < min) {
    const message = `\`max\` ${max} is below \`min\` ${min}: nothing could comply`;
    problems.problem(at(place, 'max'), 'limit-bounds', { message, remedy: 'Exchange the two, or correct one.' });
  }
}

function readAllow(written: Draft<LimitEntry>['allow'], place: Place, context: ReadContext): Limit['allow'] {
  if (written === undefined) return undefined;
  const per = readAverage(written.per, at(place, 'per'), context);
  return per === undefined || written.count === undefined ? undefined : { count: written.count, per };
}

/** A signal whose values are numbers: text has no mean. */
function readNumericSignal(
  id: string | undefined,
  place: Place,
  context: ReadContext,
  what: string,
): string | undefined {
  const signal = readSignal(id, place, context);
  if (signal?.kind === 'text') {
    const message = `\`${signal.id}\` is text, and ${what} needs a number`;
    context.problems.problem(place, 'signal-unusable', { message, remedy: 'Name a signal of kind number.' });
  }
  return id;
}

/** The caps of an outlet: tonnes from a concentration and the flow. Those of one signal and period must not overlap. */
export function readCaps(
  written: Draft<readonly CapEntry[]> | undefined,
  place: Place,
  context: ReadContext,
): readonly Cap[] {
  const caps: Cap[] = [];
  const placed: Placed[] = [];
  for (const [entry, spot] of entriesOf(written, place)) {
    const signal = readNumericSignal(entry.signal, at(spot, 'signal'), context, 'a cap');
    checkMassUnit(signal, at(spot, 'signal'), context);
    const per = readCapPeriod(entry.per, at(spot, 'per'), context);
    const span = readSpan(entry, spot, context);
    if (signal === undefined || per === undefined) continue;
    caps.push({ signal, tonnes: entry.tonnes ?? Number.NaN, per, ...span, source: entry.source });
    placed.push({ signal, average: per, ...span, place: spot });
  }
  reportOverlaps(placed, 'cap', context);
  return caps;
}

/** Mass is counted by hours: a cap over less, or over a part of an hour, has nothing to be compared with. */
function readCapPeriod(written: string | undefined, place: Place, context: ReadContext): Average | undefined {
  const per = readAverage(written, place, context);
  if (per === undefined || per.months > 0 || per.ms % HOUR_MS === 0) return per;
  context.problems.problem(place, 'duration-invalid', {
    message: `saw ${per.text}, expected whole hours: a mass is counted hour by hour`,
    remedy: 'Write it as P1Y, P1M or P1D.',
  });
  return undefined;
}

function checkMassUnit(id: string | undefined, place: Place, context: ReadContext): void {
  const signal = id === undefined ? undefined : context.signals.get(id);
  if (signal === undefined || signal.kind === 'text' || massFlowOf(signal.unit) !== undefined) return;
  const message = `\`${signal.id}\` is in ${signal.unit === '' ? 'no unit' : signal.unit}: times a flow it gives no tonnes`;
  context.problems.problem(place, 'signal-unusable', { message, remedy: 'Name a signal in mg/m³ or mg/L.' });
}

function reportOverlaps(placed: readonly Placed[], what: 'limit' | 'cap', context: ReadContext): void {
  if (placed.length < 2) return;
  const groups = new Map<string, Placed[]>();
  for (const entry of placed) {
    const key = `${entry.signal} ${entry.average.ms} ${entry.average.months}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  for (const group of groups.values()) {
    for (const [later, earlier] of overlaps(group)) {
      const message = `this ${what} of \`${later.signal}\` over ${later.average.text} overlaps another one in time`;
      const remedy = 'End the earlier one with `to` where the later one begins.';
      context.problems.problem(later.place, `${what}-overlap`, { message, remedy }, earlier.place);
    }
  }
}
