/**
 * The part of an order's watch that is about silence: see `order.unproven`.
 */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { asksOfProduction } from '../core/order-duty.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import type { ToldPiece } from './order-signs.ts';
import { orderUnproven } from './order.unproven.ts';
import type { RuleContext } from './rule.ts';

/** Part of snapshots. */
export interface UnprovenState {
  since: number | null;
  ms: number;
  /** Known time since it was last unknown. */
  knownMs: number;
  knownFrom: number | null;
  open: { readonly start: number; readonly detectedAt: number; readonly meters: string; readonly told: Told } | null;
}

export function initialUnprovenState(): UnprovenState {
  return { since: null, ms: 0, knownMs: 0, knownFrom: null, open: null };
}

function emitUnproven(state: UnprovenState, at: ToldPiece, context: RuleContext, end: number | null): void {
  const { open } = state;
  if (open === null) return;
  const { order, dutyContext } = at;
  const line = dutyContext.line.id;
  context.emit({
    rule: orderUnproven,
    subject: { order: order.id, line },
    startAt: open.start,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: open.detectedAt,
    severity: 'medium',
    confidence: 0.8,
    evidence: {
      order: order.id,
      kind: order.kind,
      level: order.level,
      ...(order.document === undefined ? {} : { document: order.document }),
      line,
      meters: open.meters,
      since: context.time.format(open.start),
      minutes: state.ms / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
    },
  });
}

function close(state: UnprovenState, at: ToldPiece, context: RuleContext, end: number): void {
  emitUnproven(state, at, context, end);
  Object.assign(state, initialUnprovenState());
}

function takeKnown(state: UnprovenState, at: ToldPiece, context: RuleContext): void {
  if (state.open === null) {
    state.since = null;
    state.ms = 0;
    return;
  }
  state.knownFrom ??= at.span.start;
  state.knownMs += at.span.end - at.span.start;
  if (state.knownMs >= context.parameter('restMs')) close(state, at, context, state.knownFrom);
}

function takeSilent(state: UnprovenState, at: ToldPiece, context: RuleContext): void {
  const { start, end, silent } = at.span;
  const needed = context.parameter('durationMs');
  state.since ??= start;
  state.ms += end - start;
  state.knownMs = 0;
  state.knownFrom = null;
  if (state.ms < needed) return;
  if (state.open === null) {
    // A silence is found when it has lasted long enough, not when something else is heard.
    const detectedAt = end - (state.ms - needed);
    const told: Told = { ms: state.ms, severity: 'medium' };
    state.open = { start: state.since, detectedAt, meters: silent, told };
  } else if (!isWorthTelling(state.open.told, state.ms, 'medium')) return;
  emitUnproven(state, at, context, null);
}

/** One piece under a constant duty. Only what an order asks of production has to be shown. */
export function stepUnproven(state: UnprovenState, at: ToldPiece, context: RuleContext): void {
  const { span, duty } = at;
  if (!duty.binding || !asksOfProduction(duty)) {
    if (state.open !== null) close(state, at, context, span.start);
    state.since = null;
    state.ms = 0;
  } else if (span.production !== 'unknown' || span.isTold) takeKnown(state, at, context);
  else takeSilent(state, at, context);
}
