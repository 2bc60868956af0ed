/**
 * What an order asks of a line, moment by moment: scope, exemptions and statuses at that moment, the hours of the day
 * it is in force, and the grace to come down (contract 5).
 */
import type { Order, OrderScope } from '../../contracts/order.ts';
import { datedAt, type Dated, type Line, type Site } from '../../contracts/registry/registry.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';

export type Measure = 'stop' | 'reduce' | 'no-trucks' | 'none';

/** What holds from the moment asked for until `until`. */
export interface Duty {
  readonly measure: Measure;
  /** By how much to reduce, in %; null with any other measure. */
  readonly reducePercent: number | null;
  /** The order speaks to this line at this moment, grace or not. */
  readonly inForce: boolean;
  /** In force and past its grace. */
  readonly binding: boolean;
  readonly until: number;
  /** Begin of the in-force window: with `daily` the day's own, else the order's. */
  readonly windowStart: number;
}

export interface DutyContext {
  readonly order: Order;
  readonly site: Site;
  readonly line: Line;
  readonly time: LocalTime;
}

function names(scope: OrderScope, { site, line }: DutyContext, at: number): boolean {
  const grade = datedAt(site.grade, at);
  return (
    scope.sites.includes(site.id) ||
    scope.lines.includes(`${site.id}/${line.id}`) ||
    scope.industries.includes(site.industry) ||
    scope.districts.includes(site.district) ||
    (grade !== undefined && scope.grades.includes(grade))
  );
}

function isExempt(context: DutyContext, at: number): boolean {
  const { order, site, line } = context;
  if (names(order.exempt, context, at)) return true;
  return order.exempt.guaranteed && (datedAt(site.guaranteed, at) === true || datedAt(line.guaranteed, at) === true);
}

interface Asked {
  readonly measure: Measure;
  readonly reducePercent: number | null;
  readonly graceMs: number;
}

/**
 * What is asked, and the grace that goes with it. A plan's entry for the level stands for the line, its grace replaces
 * the order's; without an entry nothing is asked.
 */
function measureOf({ order, line }: DutyContext): Asked {
  const { graceMs } = order;
  if (order.kind === 'shutdown') return { measure: 'stop', reducePercent: null, graceMs };
  if (order.kind === 'limit') return { measure: 'reduce', reducePercent: order.reducePercent ?? null, graceMs };
  const entry = line.plan.find((candidate) => candidate.level === order.level);
  const measure = entry?.measure ?? 'none';
  const reducePercent = measure === 'reduce' ? (entry?.percent ?? null) : null;
  return { measure, reducePercent, graceMs: entry?.graceMs ?? graceMs };
}

/** Start and end of the daily window that contains the instant, or of the next one. */
function dailyWindow(order: Order, time: LocalTime, at: number): { start: number; end: number } {
  const { daily } = order;
  if (daily === undefined) return { start: order.fromAt, end: order.toAt };
  const length = ((daily.toMinute - daily.fromMinute + 1_440) % 1_440 || 1_440) * MINUTE_MS;
  // Yesterday's window may run over midnight into today.
  let day = time.dayStart(time.dayStart(at) - DAY_MS / 2);
  for (;;) {
    const start = day + daily.fromMinute * MINUTE_MS;
    if (start + length > at) return { start, end: start + length };
    day = time.dayEnd(day);
  }
}

/** When the grace is used up: it begins at the later of start and service, and only hours in force count. */
export function graceEnd(context: DutyContext): number {
  return graceEndOf(context, measureOf(context).graceMs);
}

function graceEndOf({ order, time }: DutyContext, graceMs: number): number {
  let at = Math.max(order.fromAt, order.servedAt ?? order.fromAt);
  if (order.daily === undefined) return at + graceMs;
  let left = graceMs;
  for (;;) {
    const window = dailyWindow(order, time, at);
    const start = Math.max(at, window.start);
    if (window.end - start >= left) return start + left;
    left -= window.end - start;
    at = window.end;
  }
}

/** The next moment after `at` at which a dated status changes. */
function nextStatusChange({ site, line }: DutyContext, at: number): number {
  let next = Number.POSITIVE_INFINITY;
  const look = (list: readonly Dated<unknown>[]): void => {
    for (const entry of list) {
      if (entry.fromAt > at && entry.fromAt < next) next = entry.fromAt;
      if (entry.toAt > at && entry.toAt < next) next = entry.toAt;
    }
  };
  look(site.grade);
  look(site.guaranteed);
  look(line.guaranteed);
  return next;
}

const NEVER: Omit<Duty, 'until'> = {
  measure: 'none',
  reducePercent: null,
  inForce: false,
  binding: false,
  windowStart: 0,
};

/** What the order asks of the line at an instant. */
export function dutyAt(context: DutyContext, at: number): Duty {
  const { order, time } = context;
  const { measure, reducePercent, graceMs } = measureOf(context);
  if (measure === 'none' || at >= order.toAt) return { ...NEVER, until: Number.POSITIVE_INFINITY };
  if (at < order.fromAt) return { ...NEVER, until: order.fromAt };
  const status = nextStatusChange(context, at);
  if (!names(order.scope, context, at) || isExempt(context, at)) {
    return { ...NEVER, until: Math.min(status, order.toAt) };
  }
  const window = dailyWindow(order, time, at);
  if (at < window.start) return { ...NEVER, until: Math.min(status, order.toAt, window.start) };
  const grace = graceEndOf(context, graceMs);
  const binding = at >= grace;
  const until = Math.min(status, order.toAt, window.end, binding ? Number.POSITIVE_INFINITY : grace);
  const windowStart = Math.max(window.start, order.fromAt);
  return { measure, reducePercent, inForce: true, binding, until, windowStart };
}

/** Production itself is what the order is about. */
export function asksOfProduction(duty: Duty): boolean {
  return duty.measure === 'stop' || duty.measure === 'reduce';
}

/** One answer for the whole of [from, to): `some` = the order is in force at some time of it, `all` = it binds all along. */
export interface DutyOfSpan {
  readonly some: boolean;
  readonly all: boolean;
  readonly measure: Measure;
  readonly reducePercent: number | null;
}

/** What the order asks over a span such as a clock hour. */
export function dutyDuring(context: DutyContext, from: number, to: number): DutyOfSpan {
  let some = false;
  let all = true;
  let at = from;
  let duty = dutyAt(context, at);
  const { measure, reducePercent } = duty;
  for (;;) {
    if (duty.inForce) some = true;
    if (!duty.binding || duty.measure !== measure) all = false;
    at = duty.until;
    if (at >= to) return { some, all, measure, reducePercent };
    duty = dutyAt(context, at);
  }
}
