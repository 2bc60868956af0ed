/**
 * The part of an order's watch that is about energy: see `order.limit`. Judged at each full clock hour.
 */
import type { Severity } from '../../contracts/finding.ts';
import { dutyDuring, type DutyContext } from '../core/order-duty.ts';
import type { LineHour } from '../core/line-hours.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import {
  addHour,
  balanceOf,
  busiestDay,
  dropHours,
  ratio,
  sumUp,
  usualHourKwh,
  type Balance,
  type EnergyBook,
  type EnergyWatch,
  type Judged,
} from './order-balance.ts';
import { orderLimit } from './order.limit.ts';

/** Part of snapshots. */
export interface EnergyState extends EnergyBook {
  open: {
    readonly start: number;
    readonly detectedAt: number;
    readonly reducePercent: number;
    lastOver: number;
    hoursOver: number;
    worst: Balance;
    readonly told: Told;
  } | null;
  /** The baseline, or the energy, is not known: said once. */
  unknown: {
    readonly start: number;
    readonly detectedAt: number;
    readonly cause: 'baseline' | 'energy';
    readonly reducePercent: number;
    readonly balance: Balance;
  } | null;
}

export function initialEnergyState(): EnergyState {
  return { hours: [], baseline: null, open: null, unknown: null };
}

function severityOf({ order }: DutyContext): Severity {
  return order.level === 'red' || order.level === 'penalty' ? 'critical' : 'high';
}

function facts({ order, line }: DutyContext): Record<string, unknown> {
  return {
    order: order.id,
    kind: order.kind,
    level: order.level,
    ...(order.document === undefined ? {} : { document: order.document }),
    line: line.id,
  };
}

function emitOver(state: EnergyState, watch: EnergyWatch, phase: 'open' | 'closed'): void {
  const { open, baseline } = state;
  if (open === null) return;
  const { context, dutyContext } = watch;
  const { order, line } = dutyContext;
  const { worst, reducePercent } = open;
  const tolerancePercent = context.parameter('tolerancePercent');
  const filed = line.baseline;
  context.emit({
    rule: orderLimit,
    subject: { order: order.id, line: line.id },
    startAt: open.start,
    endAt: phase === 'closed' ? open.lastOver : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: severityOf(dutyContext),
    confidence: filed === undefined ? 0.85 : 0.9,
    evidence: {
      ...facts(dutyContext),
      since: context.time.format(open.start),
      reducePercent,
      tolerancePercent,
      hoursOver: open.hoursOver,
      windowFrom: context.time.format(worst.from),
      windowTo: context.time.format(worst.to),
      hoursKnown: worst.hoursKnown,
      hoursUnknown: worst.hoursBinding - worst.hoursKnown,
      kWh: worst.kWh,
      allowedKwh: (worst.baselineKwh * (100 - reducePercent) * (100 + tolerancePercent)) / 10_000,
      baselineKwh: worst.baselineKwh,
      percentOfBaseline: worst.baselineKwh > 0 ? (100 * worst.kWh) / worst.baselineKwh : null,
      baselineFrom: filed === undefined ? 'learned' : 'filed',
      filedKwhPerHour: filed?.kWhPerHour ?? null,
      ...(filed?.source === undefined ? {} : { filedSource: filed.source }),
      learnedKwh: worst.learnedKwh,
      learnedDays: baseline?.days ?? 0,
    },
  });
}

function emitUnknown(state: EnergyState, watch: EnergyWatch, endAt: number | null): void {
  const { unknown } = state;
  if (unknown === null) return;
  const { context, dutyContext } = watch;
  const { balance } = unknown;
  context.emit({
    rule: orderLimit,
    subject: { order: dutyContext.order.id, line: dutyContext.line.id },
    startAt: unknown.start,
    endAt,
    state: endAt === null ? 'open' : 'closed',
    detectedAt: unknown.detectedAt,
    severity: 'info',
    confidence: 1,
    discriminator: 'unknown',
    evidence: {
      ...facts(dutyContext),
      unknown: true,
      cause: unknown.cause,
      since: context.time.format(unknown.start),
      reducePercent: unknown.reducePercent,
      hoursBinding: balance.hoursBinding,
      hoursKnown: balance.hoursKnown,
      neededHours: context.parameter('minimumHours'),
      neededDays: 3,
      kWh: balance.kWh,
    },
  });
}

/** The baseline, or the energy, became known; or there is nothing to judge any more. */
function endUnknown(state: EnergyState, watch: EnergyWatch, endAt: number): void {
  emitUnknown(state, watch, endAt);
  state.unknown = null;
}

function endOver(state: EnergyState, watch: EnergyWatch): void {
  emitOver(state, watch, 'closed');
  state.open = null;
}

interface At {
  readonly reducePercent: number;
  /** Event time of the input that completed the hour. */
  readonly at: number;
  /** The energy of the hour is known. */
  readonly isMetered: boolean;
}

function tellUnknown(state: EnergyState, watch: EnergyWatch, judged: Judged, at: At): void {
  const needed = watch.context.parameter('minimumHours');
  const isMetered = judged.hoursMetered >= needed;
  // Meters that are silent altogether are the matter of order.unproven.
  if (!isMetered && judged.hoursHeard < 2 * needed) return;
  // A line that is known to stand obeys, whatever it used before.
  if (isMetered && judged.onMs < watch.context.parameter('runningMs')) return;
  if (state.unknown !== null) return;
  state.unknown = {
    start: judged.from,
    detectedAt: at.at,
    cause: isMetered ? 'baseline' : 'energy',
    reducePercent: at.reducePercent,
    balance: { ...judged, hoursKnown: judged.hoursMetered, kWh: judged.meteredKwh },
  };
  emitUnknown(state, watch, null);
}

function takeOver(state: EnergyState, watch: EnergyWatch, judged: Judged, at: At): void {
  const balance = balanceOf(judged);
  const severity = severityOf(watch.dutyContext);
  const { open } = state;
  if (open === null) {
    state.open = {
      start: judged.from,
      detectedAt: at.at,
      reducePercent: at.reducePercent,
      lastOver: judged.to,
      hoursOver: 1,
      worst: balance,
      told: { ms: 0, severity },
    };
  } else {
    open.lastOver = judged.to;
    open.hoursOver += 1;
    if (ratio(balance) > ratio(open.worst)) open.worst = balance;
    if (!isWorthTelling(open.told, (open.hoursOver - 1) * 3_600_000, severity)) return;
  }
  emitOver(state, watch, 'open');
}

function judge(state: EnergyState, watch: EnergyWatch, to: number, at: At): void {
  const { context } = watch;
  const judged = sumUp(state, watch, to);
  // An hour of which nothing is known neither extends nor ends what the others made.
  if (!at.isMetered && judged.hoursKnown >= context.parameter('minimumHours')) return;
  if (judged.hoursKnown < context.parameter('minimumHours')) {
    tellUnknown(state, watch, judged, at);
    return;
  }
  if (state.unknown !== null) endUnknown(state, watch, to);
  if (isOver(state, watch, judged, at)) takeOver(state, watch, judged, at);
  else if (state.open !== null) endOver(state, watch);
}

function isOver(state: EnergyState, watch: EnergyWatch, judged: Judged, at: At): boolean {
  const { context, dutyContext } = watch;
  const share = ((100 - at.reducePercent) * (100 + context.parameter('tolerancePercent'))) / 10_000;
  if (judged.kWh <= judged.baselineKwh * share || judged.onMs < context.parameter('runningMs')) return false;
  // What was found stands on the mean alone, and so does what a filed baseline or enough hours say.
  if (state.open !== null || dutyContext.line.baseline !== undefined) return true;
  if (judged.hoursKnown >= context.parameter('settledHours')) return true;
  // The hours before a shift, in which the line hardly works, are no measure of a reduction.
  if (judged.baselineKwh < 0.5 * context.parameter('minimumHours') * usualHourKwh(state)) return false;
  const busiest = busiestDay(state, watch);
  const isUnsteady = busiest > 1 + context.parameter('unsteadyPercent') / 100;
  return !isUnsteady || judged.kWh > judged.baselineKwh * busiest * share;
}

/** One clock hour of the line under one order. */
export function stepEnergy(state: EnergyState, hour: LineHour, watch: EnergyWatch, at: number): void {
  const duty = dutyDuring(watch.dutyContext, hour.start, hour.end);
  const isCounted = duty.all && duty.measure === 'reduce' && duty.reducePercent !== null;
  const from = hour.end - watch.context.parameter('windowMs');
  dropHours(state, from);
  if (!isCounted) {
    // Between the hours of a daily order what stands goes on; once no hour is left that counts there is nothing more.
    if (state.hours.length === 0) closeEnergy(state, watch, hour.start);
    return;
  }
  addHour(state, hour, watch);
  judge(state, watch, hour.end, { reducePercent: duty.reducePercent, at, isMetered: hour.kWh !== null });
}

/** The order is over. */
export function closeEnergy(state: EnergyState, watch: EnergyWatch, endAt: number): void {
  if (state.open !== null) endOver(state, watch);
  if (state.unknown !== null) endUnknown(state, watch, endAt);
}
