/**
 * The part of an order's watch that is about signs of production against the meters: see `order.contradiction`.
 */
import type { Severity } from '../../contracts/finding.ts';
import type { Order } from '../../contracts/order.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { asksOfProduction, dutyAt, type Duty, type DutyContext } from '../core/order-duty.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import type { Sign, SignKind, ToldSpan } from '../core/line-words.ts';
import { orderContradiction } from './order.contradiction.ts';
import type { RuleContext } from './rule.ts';

/** A told span cut to where the duty does not change. */
export interface ToldPiece {
  readonly span: ToldSpan;
  readonly duty: Duty;
  readonly order: Order;
  readonly dutyContext: DutyContext;
}

/** What one device has said within the run: time, and sums over time. */
interface SignSum {
  readonly kind: SignKind;
  ms: number;
  value: number;
  usual: number;
  o2: number;
}

/** Part of snapshots. */
export interface ContradictionState {
  run: {
    readonly start: number;
    end: number;
    offMs: number;
    silentMs: number;
    /** Contrary time since the last sign. */
    contraryMs: number;
    signs: Record<string, SignSum>;
  } | null;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

export function initialContradictionState(): ContradictionState {
  return { run: null, open: null };
}

type Run = NonNullable<ContradictionState['run']>;

function severityOf({ order, duty }: ToldPiece, run: Run): Severity {
  const kinds = Object.values(run.signs).map(({ kind }) => kind);
  // Trucks alone may be stock that is shipped, and under an order to reduce a line may work.
  if (kinds.every((kind) => kind === 'gate') || (duty.measure === 'reduce' && run.offMs === 0)) return 'medium';
  return order.level === 'red' || order.level === 'penalty' ? 'critical' : 'high';
}

function confidenceOf(run: Run): number {
  const kinds = new Set(Object.values(run.signs).map(({ kind }) => kind));
  if (kinds.size > 1) return 0.95;
  return kinds.has('gate') ? 0.6 : 0.85;
}

function signEvidence([device, sum]: [string, SignSum]): Record<string, unknown> {
  const { kind, ms } = sum;
  return {
    device,
    kind,
    minutes: ms / MINUTE_MS,
    ...(kind === 'camera' ? {} : { value: sum.value / ms, usual: sum.usual / ms }),
    ...(kind === 'stack' ? { o2: sum.o2 / ms } : {}),
  };
}

function emit(state: ContradictionState, at: ToldPiece, context: RuleContext, phase: 'open' | 'closed'): void {
  const { run, open } = state;
  if (run === null || open === null) return;
  const { order, dutyContext } = at;
  const { line } = dutyContext;
  context.emit({
    rule: orderContradiction,
    subject: { order: order.id, line: line.id },
    startAt: run.start,
    endAt: phase === 'closed' ? run.end : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: open.told.severity,
    confidence: confidenceOf(run),
    evidence: {
      order: order.id,
      kind: order.kind,
      level: order.level,
      ...(order.document === undefined ? {} : { document: order.document }),
      line: line.id,
      meters: line.production.map(({ device }) => device).join(', '),
      since: context.time.format(run.start),
      minutes: (run.offMs + run.silentMs) / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
      offMinutes: run.offMs / MINUTE_MS,
      silentMinutes: run.silentMs / MINUTE_MS,
      signs: Object.entries(run.signs)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(signEvidence),
      flowPercent: context.parameter('flowPercent'),
      oxygenPercent: context.parameter('oxygenPercent'),
    },
  });
}

function end(state: ContradictionState, at: ToldPiece, context: RuleContext): void {
  if (state.open !== null) emit(state, at, context, 'closed');
  state.run = null;
  state.open = null;
}

function takeContrary(state: ContradictionState, at: ToldPiece, context: RuleContext): void {
  const { run, open } = state;
  if (run === null) return;
  run.contraryMs += at.span.end - at.span.start;
  if (run.contraryMs >= context.parameter(open === null ? 'pauseMs' : 'restMs')) end(state, at, context);
}

function addSigns(run: Run, signs: readonly Sign[], ms: number): void {
  for (const { device, kind, value, usual, o2 } of signs) {
    const sum = (run.signs[device] ??= { kind, ms: 0, value: 0, usual: 0, o2: 0 });
    sum.ms += ms;
    sum.value += value * ms;
    sum.usual += usual * ms;
    sum.o2 += o2 * ms;
  }
}

function takeSigns(state: ContradictionState, at: ToldPiece, context: RuleContext, signs: readonly Sign[]): void {
  const { span } = at;
  const ms = span.end - span.start;
  const run = (state.run ??= {
    start: span.start,
    end: span.end,
    offMs: 0,
    silentMs: 0,
    contraryMs: 0,
    signs: {},
  });
  run.end = span.end;
  run.contraryMs = 0;
  if (span.production === 'off') run.offMs += ms;
  else run.silentMs += ms;
  addSigns(run, signs, ms);
  const total = run.offMs + run.silentMs;
  const severity = severityOf(at, run);
  if (state.open === null) {
    if (total < context.parameter('durationMs')) return;
    state.open = { detectedAt: span.at, told: { ms: total, severity } };
  } else if (!isWorthTelling(state.open.told, total, severity)) return;
  emit(state, at, context, 'open');
}

/** Silent neighbours do not explain a sign where the same order asks the same of them. */
function isExplained(sign: Sign, { span, dutyContext }: ToldPiece): boolean {
  return sign.silentOthers.some((line) => {
    const duty = dutyAt({ ...dutyContext, line }, span.start);
    return !(duty.binding && asksOfProduction(duty));
  });
}

/** One piece under a constant duty. */
export function stepContradiction(state: ContradictionState, at: ToldPiece, context: RuleContext): void {
  const { span, duty } = at;
  if (!duty.binding || !asksOfProduction(duty)) {
    end(state, at, context);
    return;
  }
  if (span.production === 'on') {
    takeContrary(state, at, context);
    return;
  }
  const signs = span.signs.filter((sign) => !isExplained(sign, at));
  if (signs.length > 0) takeSigns(state, at, context, signs);
  else if (span.isDenied) takeContrary(state, at, context);
}
