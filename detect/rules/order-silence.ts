/** The part of an order's watch that is about silence: see `order.unproven`. */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { DutySpan } from './duty-span.ts';
import { orderUnproven } from './order.unproven.ts';
import type { RuleContext } from './rule.ts';

/** Part of snapshots. */
export interface UnprovenState {
  since: number | null;
  ms: number;
  /** Known time since it was last unknown. */
  knownMs: number;
  knownFrom: number | null;
  open: { readonly start: number; readonly detectedAt: number; readonly meters: string } | null;
}

function emitUnproven(state: UnprovenState, at: DutySpan, context: RuleContext, end: number | null): void {
  const { open } = state;
  if (open === null) return;
  const { order, span } = at;
  context.emit({
    rule: orderUnproven,
    subject: { order: order.id, line: span.line.id },
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
      line: span.line.id,
      meters: open.meters,
      since: context.time.format(open.start),
      minutes: state.ms / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
    },
  });
}

function close(state: UnprovenState, at: DutySpan, context: RuleContext, end: number): void {
  emitUnproven(state, at, context, end);
  state.since = null;
  state.ms = 0;
  state.knownMs = 0;
  state.knownFrom = null;
  state.open = null;
}

function stepKnown(state: UnprovenState, at: DutySpan, context: RuleContext): void {
  const { span } = at;
  if (state.open === null) {
    state.since = null;
    state.ms = 0;
    return;
  }
  state.knownFrom ??= span.start;
  state.knownMs += span.end - span.start;
  if (state.knownMs >= context.parameter('restMs')) close(state, at, context, state.knownFrom);
}

/** One piece under a constant duty. A sign from camera or stack makes the silence of the meters bearable. */
export function stepUnproven(state: UnprovenState, at: DutySpan, context: RuleContext): void {
  const { span, duty } = at;
  if (!duty.binding) {
    if (state.open !== null) close(state, at, context, span.start);
    state.since = null;
    state.ms = 0;
    return;
  }
  if (span.production !== 'unknown' || span.hasSign) {
    stepKnown(state, at, context);
    return;
  }
  const needed = context.parameter('durationMs');
  state.since ??= span.start;
  state.ms += span.end - span.start;
  state.knownMs = 0;
  state.knownFrom = null;
  if (state.open !== null || state.ms < needed) return;
  const silent = span.productionMeters.filter((meter) => meter.running === 'unknown');
  state.open = {
    start: state.since,
    // A silence is found when it has lasted long enough, not when something else is heard.
    detectedAt: span.end - (state.ms - needed),
    meters: silent.map(({ meter }) => meter.device.id).join(', '),
  };
  emitUnproven(state, at, context, null);
}
