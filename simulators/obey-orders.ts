/** What a firm does that obeys its orders: lines come down within the grace, and go up again some time after the end. */
import type { WireOrder } from '../contracts/order.ts';
import { HOUR_MS, MINUTE_MS } from '../contracts/time/instant.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { Span } from './plants/span.ts';
import type { SiteEntry } from './scenario-file.ts';
import type { PlannedStop, Reduction } from './planned-work.ts';

/** An order with its instants. */
export interface ImposedOrder {
  readonly wire: WireOrder;
  /** When the grace begins, and when it is lifted. */
  readonly force: Span;
}

export interface Obedience {
  readonly stops: readonly PlannedStop[];
  readonly reductions: readonly Reduction[];
  /** No lorries come. */
  readonly closedGates: readonly Span[];
}

/** Who is asked whether an order means them. */
export interface Obliged {
  readonly site: string;
  readonly district: string;
  readonly industry: string;
  readonly grade: SiteEntry['grade'];
  readonly isGuaranteed: boolean;
  readonly lines: readonly string[];
  readonly plans: NonNullable<SiteEntry['plans']>;
}

type Scope = NonNullable<WireOrder['exempt']> | WireOrder['scope'];

function names(scope: Scope | undefined, who: Obliged, line: string): boolean {
  if (scope === undefined) return false;
  const { sites = [], lines = [], industries = [], grades = [], districts = [] } = scope;
  if (sites.includes(who.site) || lines.includes(`${who.site}/${line}`)) return true;
  if (industries.includes(who.industry) || districts.includes(who.district)) return true;
  return who.grade !== undefined && grades.includes(who.grade);
}

/** Whether an order means a line of a firm. */
export function isMeant({ scope, exempt }: WireOrder, who: Obliged, line: string): boolean {
  if (!names(scope, who, line) || names(exempt, who, line)) return false;
  return exempt?.guaranteed !== true || !who.isGuaranteed;
}

export type Measure =
  | { readonly kind: 'stop'; readonly graceMs: number }
  | { readonly kind: 'reduce'; readonly percent: number; readonly graceMs: number }
  | { readonly kind: 'no-trucks'; readonly graceMs: number };

/** What an order asks of a line that it means; `undefined` = nothing. */
export function measureOf(wire: WireOrder, plans: Obliged['plans'], line: string): Measure | undefined {
  const graceMs = (wire.graceMinutes ?? 0) * MINUTE_MS;
  if (wire.kind === 'shutdown') return { kind: 'stop', graceMs };
  if (wire.kind === 'limit') return { kind: 'reduce', percent: wire.reducePercent ?? 0, graceMs };
  const plan = plans[line]?.find(({ level }) => level === wire.level);
  if (plan === undefined || plan.measure === 'none') return undefined;
  const ownMs = plan.graceMinutes === undefined ? graceMs : plan.graceMinutes * MINUTE_MS;
  if (plan.measure === 'reduce') return { kind: 'reduce', percent: plan.percent ?? 0, graceMs: ownMs };
  return { kind: plan.measure, graceMs: ownMs };
}

/** Who obeys is done well before the grace is over. */
const LATEST_SHARE = 0.85;
const LONGEST_WAIT_MS = 2 * HOUR_MS;
/** Nobody hits a percentage: a careful firm does somewhat more than it must. */
const MOST_OVERDONE = 0.12;
/** Lorries that are in a yard when its gate is closed have left after this. */
const LEAVING_MS = HOUR_MS;

/** Of a lasting order Infinity. */
function roundedMinute(at: number): number {
  return Number.isFinite(at) ? Math.round(at / MINUTE_MS) * MINUTE_MS : at;
}

function obeyedSpan({ force }: ImposedOrder, graceMs: number, random: RandomStream): Span {
  const fromAt = roundedMinute(force.fromAt + graceMs * LATEST_SHARE * random.uniformAt(0));
  return { fromAt, toAt: roundedMinute(force.toAt + LONGEST_WAIT_MS * random.uniformAt(1)) };
}

/** The gate is closed so early that those who are in are out in time. */
function closedSpan({ force }: ImposedOrder, graceMs: number, random: RandomStream): Span {
  const latestMs = graceMs - LEAVING_MS;
  return { fromAt: roundedMinute(force.fromAt + latestMs * random.uniformAt(3)), toAt: force.toAt };
}

/** Everything that a firm does because of orders. Its luck is its own and that of the order. */
export function obey(orders: readonly ImposedOrder[], who: Obliged, random: RandomStream): Obedience {
  const stops: PlannedStop[] = [];
  const reductions: Reduction[] = [];
  const closedGates: Span[] = [];
  for (const order of orders) {
    for (const line of who.lines) {
      const measure = isMeant(order.wire, who, line) ? measureOf(order.wire, who.plans, line) : undefined;
      if (measure === undefined) continue;
      const luck = random.split(order.wire.id, line);
      const span = obeyedSpan(order, measure.graceMs, luck);
      if (measure.kind === 'stop') stops.push({ line, ...span });
      if (measure.kind === 'no-trucks') closedGates.push(closedSpan(order, measure.graceMs, luck));
      if (measure.kind === 'reduce') {
        const factor = (1 - measure.percent / 100) * (1 - MOST_OVERDONE * luck.uniformAt(2));
        reductions.push({ line, factor, ...span });
      }
    }
  }
  return { stops, reductions, closedGates };
}
