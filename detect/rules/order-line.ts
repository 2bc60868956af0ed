/**
 * One line under one order, span by span: `order.shutdown` and `order.early-restart` from the meters alone, and what
 * `order.unproven` and `order.contradiction` make of the meters and the other signs together.
 */
import type { Severity } from '../../contracts/finding.ts';
import type { Order } from '../../contracts/order.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { dutyAt, graceEnd, type DutyContext } from '../core/order-duty.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { productionKwh, type DutySpan, type LineSpan } from './line-span.ts';
import { orderEarlyRestart } from './order.early-restart.ts';
import { orderShutdown } from './order.shutdown.ts';
import type { ToldSpan } from '../core/line-words.ts';
import { initialEnergyState, type EnergyState } from './order-energy.ts';
import { initialContradictionState, stepContradiction, type ContradictionState } from './order-signs.ts';
import { initialUnprovenState, stepUnproven, type UnprovenState } from './order-silence.ts';
import type { RuleContext } from './rule.ts';

interface Production {
  readonly rule: 'order.shutdown' | 'order.early-restart';
  readonly start: number;
  readonly detectedAt: number;
  lastOn: number;
  coveredMs: number;
  kWh: number;
  contraryMs: number;
  readonly told: Told;
}

/** A stretch on that is no finding yet. */
interface Burst {
  readonly start: number;
  end: number;
  kWh: number;
  /** The line had stopped before it. */
  readonly restarted: boolean;
}

/** Part of snapshots. */
export interface OrderLineState {
  windowStart: number | null;
  /** Running stretch of production in duty. */
  run: { start: number; ms: number; kWh: number; restarted: boolean } | null;
  /** Stretches on in duty within the last day. */
  bursts: Burst[];
  /** Covered time below `on` since the line was last on, in force. */
  offMs: number;
  /** The line had been below `on` for long enough since the order, or its daily hours, began. */
  restarted: boolean;
  open: Production | null;
  unproven: UnprovenState;
  contradiction: ContradictionState;
  energy: EnergyState;
}

export function initialOrderLineState(): OrderLineState {
  return {
    windowStart: null,
    run: null,
    bursts: [],
    offMs: 0,
    restarted: false,
    open: null,
    unproven: initialUnprovenState(),
    contradiction: initialContradictionState(),
    energy: initialEnergyState(),
  };
}

function severityOf(order: Order): Severity {
  return order.level === 'red' || order.level === 'penalty' ? 'critical' : 'high';
}

function emitProduction(state: OrderLineState, at: DutySpan, context: RuleContext, phase: 'open' | 'closed'): void {
  const { open } = state;
  if (open === null) return;
  const { order, span } = at;
  const hours = open.coveredMs / 3_600_000;
  context.emit({
    rule: open.rule === 'order.shutdown' ? orderShutdown : orderEarlyRestart,
    subject: { order: order.id, line: span.line.id },
    startAt: open.start,
    endAt: phase === 'closed' ? open.lastOn : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: severityOf(order),
    confidence: 0.95,
    evidence: {
      order: order.id,
      kind: order.kind,
      level: order.level,
      ...(order.document === undefined ? {} : { document: order.document }),
      line: span.line.id,
      meters: span.productionMeters.map(({ meter }) => meter.device.id).join(', '),
      onKw: span.productionMeters.map(({ onKw }) => onKw ?? null).find((value) => value !== null) ?? null,
      orderFrom: context.time.format(order.fromAt),
      bindingSince: context.time.format(graceEnd(at.dutyContext)),
      since: context.time.format(open.start),
      minutes: open.coveredMs / MINUTE_MS,
      kWh: open.kWh,
      averageKw: hours > 0 ? open.kWh / hours : null,
    },
  });
}

function closeProduction(state: OrderLineState, at: DutySpan, context: RuleContext): void {
  if (state.open === null) return;
  emitProduction(state, at, context, 'closed');
  state.open = null;
}

/** A new daily window, or the order's end: runs and rests do not carry over. */
function enterWindow(state: OrderLineState, windowStart: number | null): void {
  state.windowStart = windowStart;
  state.run = null;
  state.offMs = 0;
  state.restarted = false;
}

/** @returns covered time on in bursts within the window */
function addBurst(state: OrderLineState, span: LineSpan, kWh: number, windowMs: number): number {
  const last = state.bursts.at(-1);
  if (last?.end === span.start && last.restarted === state.restarted) {
    last.end = span.end;
    last.kWh += kWh;
  } else state.bursts.push({ start: span.start, end: span.end, kWh, restarted: state.restarted });
  const from = span.end - windowMs;
  state.bursts = state.bursts.filter(({ end }) => end > from);
  return state.bursts.reduce((sum, { start, end }) => sum + end - Math.max(start, from), 0);
}

function findProduction(state: OrderLineState, at: DutySpan, context: RuleContext, burstMs: number): void {
  const { run, bursts } = state;
  const first = bursts[0];
  const isLong = run !== null && run.ms >= context.parameter('durationMs');
  if (!isLong && (first === undefined || burstMs < context.parameter('burstsMs'))) return;
  const found = isLong ? run : { ...(first as Burst), ms: burstMs, kWh: bursts.reduce((sum, { kWh }) => sum + kWh, 0) };
  state.open = {
    rule: found.restarted ? 'order.early-restart' : 'order.shutdown',
    start: found.start,
    detectedAt: at.span.at,
    lastOn: at.span.end,
    coveredMs: found.ms,
    kWh: found.kWh,
    contraryMs: 0,
    told: { ms: found.ms, severity: severityOf(at.order) },
  };
  // What this finding is made of does not count again for the next.
  state.run = null;
  state.bursts = [];
  emitProduction(state, at, context, 'open');
}

function extend(state: OrderLineState, at: DutySpan, context: RuleContext, kWh: number): void {
  const { open } = state;
  if (open === null) return;
  open.lastOn = at.span.end;
  open.coveredMs += at.span.end - at.span.start;
  open.kWh += kWh;
  open.contraryMs = 0;
  if (isWorthTelling(open.told, open.coveredMs, severityOf(at.order))) emitProduction(state, at, context, 'open');
}

function stepOn(state: OrderLineState, at: DutySpan, context: RuleContext): void {
  const { span, duty } = at;
  state.offMs = 0;
  if (!duty.binding || duty.measure !== 'stop') return;
  const kWh = productionKwh(span);
  if (state.open !== null) {
    extend(state, at, context, kWh);
    return;
  }
  state.run ??= { start: span.start, ms: 0, kWh: 0, restarted: state.restarted };
  state.run.ms += span.end - span.start;
  state.run.kWh += kWh;
  findProduction(state, at, context, addBurst(state, span, kWh, context.parameter('burstWindowMs')));
}

function stepOff(state: OrderLineState, at: DutySpan, context: RuleContext): void {
  const ms = at.span.end - at.span.start;
  state.run = null;
  state.offMs += ms;
  if (state.open !== null) {
    state.open.contraryMs += ms;
    if (state.open.contraryMs >= context.parameter('restMs')) closeProduction(state, at, context);
  }
  if (state.offMs >= context.parameter('restMs')) state.restarted = true;
}

function stepPiece(state: OrderLineState, at: DutySpan, context: RuleContext): void {
  const { duty, span } = at;
  const windowStart = duty.inForce ? duty.windowStart : null;
  if (windowStart !== state.windowStart) {
    closeProduction(state, at, context);
    enterWindow(state, windowStart);
  }
  if (!duty.inForce) return;
  if (span.production === 'on') stepOn(state, at, context);
  else if (span.production === 'off') stepOff(state, at, context);
}

/** One span of the line under one order, cut where the duty changes. */
export function stepOrderLine(
  state: OrderLineState,
  span: LineSpan,
  dutyContext: DutyContext,
  context: RuleContext,
): void {
  let start = span.start;
  while (start < span.end) {
    const duty = dutyAt(dutyContext, start);
    const end = Math.min(span.end, duty.until);
    const piece = start === span.start && end === span.end ? span : { ...span, start, end };
    stepPiece(state, { span: piece, duty, order: dutyContext.order, dutyContext }, context);
    start = end;
  }
}

export interface ToldContexts {
  readonly unproven: RuleContext;
  readonly contradiction: RuleContext;
}

/** The same for what the meters and the other signs say together. */
export function stepOrderTold(
  state: OrderLineState,
  span: ToldSpan,
  dutyContext: DutyContext,
  contexts: ToldContexts,
): void {
  let start = span.start;
  while (start < span.end) {
    const duty = dutyAt(dutyContext, start);
    const end = Math.min(span.end, duty.until);
    const piece = start === span.start && end === span.end ? span : { ...span, start, end };
    const at = { span: piece, duty, order: dutyContext.order, dutyContext };
    stepUnproven(state.unproven, at, contexts.unproven);
    stepContradiction(state.contradiction, at, contexts.contradiction);
    start = end;
  }
}
