/** An order from the registry or from the API with its instants resolved. */
import type { Order, OrderScope, WireOrder } from '../order.ts';
import { rejected, ok, type Result } from '../result.ts';
import { MINUTE_MS } from '../time/instant.ts';
import type { LocalTime } from '../time/local-time.ts';
import { describeValue } from './describe-value.ts';
import { formatEntryProblem, type EntryProblem } from './problem.ts';
import { MOMENT_EXPECTED, momentRemedy, parseMoment } from './read-span.ts';
import type { Draft } from './registry-file.ts';

const DAY_MINUTES = 1_440;

/**
 * The order as the stages see it, or everything that is wrong with it, one line each. Whether what it names exists
 * is asked by `checkOrderReferences`.
 */
export function resolveOrder(wire: WireOrder, time: LocalTime): Result<Order, string[]> {
  const { order, problems } = readOrder(wire, time);
  return problems.length === 0 ? ok(order) : rejected(problems.map(formatEntryProblem));
}

/** The order as far as it can be read, with its problems; complete where there are none. */
export function readOrder(
  wire: Draft<WireOrder>,
  time: LocalTime,
): { readonly order: Order; readonly problems: readonly EntryProblem[] } {
  const problems: EntryProblem[] = [];
  const moment = (key: 'from' | 'to' | 'servedAt'): number | undefined => readMomentOf(wire[key], key, time, problems);
  const fromAt = moment('from') ?? -Infinity;
  const toAt = moment('to') ?? Infinity;
  const order: Order = {
    id: wire.id ?? '',
    kind: wire.kind ?? 'shutdown',
    level: wire.level ?? 'other',
    fromAt,
    toAt,
    daily: readDaily(wire.daily, problems),
    servedAt: moment('servedAt'),
    graceMs: (wire.graceMinutes ?? 0) * MINUTE_MS,
    scope: readScope(wire.scope),
    exempt: { ...readScope(wire.exempt), guaranteed: wire.exempt?.guaranteed ?? false },
    reducePercent: wire.reducePercent,
    document: wire.document,
  };
  if (fromAt >= toAt) problems.push(spanReversed(wire.from, wire.to));
  problems.push(...incompleteness(wire));
  return { order, problems };
}

/** One moment of an entry; `undefined` where it is absent or, which is a problem, none. */
export function readMomentOf(
  text: string | null | undefined,
  key: string,
  time: LocalTime,
  problems: EntryProblem[],
): number | undefined {
  if (text === null || text === undefined) return undefined;
  const value = parseMoment(text, time);
  if (!Number.isNaN(value)) return value;
  const message = `saw ${describeValue(text)}, ${MOMENT_EXPECTED}`;
  problems.push({ path: [key], code: 'instant-invalid', message, remedy: momentRemedy(text) });
  return undefined;
}

export function spanReversed(from: string | undefined, to: string | null | undefined): EntryProblem {
  const message = `\`to\` (${to ?? ''}) is not after \`from\` (${from ?? ''})`;
  return { path: ['to'], code: 'span-reversed', message, remedy: 'Spans hold from `from` up to, without, `to`.' };
}

function incompleteness({ kind, level, reducePercent }: Draft<WireOrder>): EntryProblem[] {
  if (kind === 'limit' && reducePercent === undefined) {
    const message = 'an order of kind `limit` does not say by how much';
    return [{ path: ['reducePercent'], code: 'order-incomplete', message, remedy: 'Add `reducePercent`.' }];
  }
  if (kind === 'plan' && level === undefined) {
    const message = 'an order of kind `plan` does not say which level of the plans it calls up';
    return [{ path: ['level'], code: 'order-incomplete', message, remedy: 'Add `level`.' }];
  }
  return [];
}

function readScope(scope: Draft<WireOrder>['scope'] | Draft<WireOrder>['exempt']): OrderScope {
  return {
    sites: names(scope?.sites),
    lines: names(scope?.lines),
    industries: names(scope?.industries),
    grades: names(scope?.grades),
    districts: names(scope?.districts),
  };
}

/** What did not fit the schema is empty, so that the others keep their index in messages. */
function names(list: readonly (string | undefined)[] | undefined): readonly string[] {
  return (list ?? []).map((name) => name ?? '');
}

function readDaily(daily: Draft<WireOrder>['daily'], problems: EntryProblem[]): Order['daily'] {
  if (daily === null || daily === undefined) return undefined;
  const fromMinute = minuteOfDay(daily[0]);
  const toMinute = minuteOfDay(daily[1]);
  for (const [index, minute] of [fromMinute, toMinute].entries()) {
    if (minute !== undefined && !(index === 0 && minute === DAY_MINUTES)) continue;
    const message = `saw ${describeValue(daily[index])}, expected a time of day from "00:00" to "23:59", or "24:00" as the end`;
    problems.push({ path: ['daily', index], code: 'order-daily', message, remedy: 'Write it as "22:00".' });
  }
  if (fromMinute === undefined || toMinute === undefined) return undefined;
  if (fromMinute === toMinute) {
    const message = `\`daily\` begins and ends at ${daily[0]}: that is no time, or all of it`;
    problems.push({ path: ['daily'], code: 'order-daily', message, remedy: 'Leave `daily` out for the whole day.' });
  }
  return { fromMinute, toMinute };
}

function minuteOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null || Number(match[2]) > 59) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return minute <= DAY_MINUTES ? minute : undefined;
}
