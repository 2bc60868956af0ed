/**
 * The part of an order's watch that is about silence: see `order.unproven`.
 *
 * Camera and stack may speak later than the meters (an hour's mean comes with the hour): a silent stretch waits until
 * they have said all that they will say. Nothing is lost by that, the finding's times are those of the silence.
 */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import type { DutySpan, LineSigns } from './line-span.ts';
import { orderUnproven } from './order.unproven.ts';
import type { RuleContext } from './rule.ts';

/** A stretch in which neither duty nor silence changed. */
interface Stretch {
  readonly start: number;
  end: number;
  readonly binding: boolean;
  /** Silent production meters; null: the meters prove or disprove production. */
  readonly silent: string | null;
}

/** Part of snapshots. */
export interface UnprovenState {
  waiting: Stretch[];
  since: number | null;
  ms: number;
  /** Known time since it was last unknown. */
  knownMs: number;
  knownFrom: number | null;
  open: { readonly start: number; readonly detectedAt: number; readonly meters: string; readonly told: Told } | null;
}

export function initialUnprovenState(): UnprovenState {
  return { waiting: [], since: null, ms: 0, knownMs: 0, knownFrom: null, open: null };
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

function takeKnown(state: UnprovenState, stretch: Stretch, at: DutySpan, context: RuleContext): void {
  if (state.open === null) {
    state.since = null;
    state.ms = 0;
    return;
  }
  state.knownFrom ??= stretch.start;
  state.knownMs += stretch.end - stretch.start;
  if (state.knownMs >= context.parameter('restMs')) close(state, at, context, state.knownFrom);
}

function takeSilent(state: UnprovenState, stretch: Stretch, at: DutySpan, context: RuleContext): void {
  const needed = context.parameter('durationMs');
  state.since ??= stretch.start;
  state.ms += stretch.end - stretch.start;
  state.knownMs = 0;
  state.knownFrom = null;
  if (state.ms < needed) return;
  if (state.open === null) {
    // A silence is found when it has lasted long enough, not when something else is heard.
    const detectedAt = stretch.end - (state.ms - needed);
    const told: Told = { ms: state.ms, severity: 'medium' };
    state.open = { start: state.since, detectedAt, meters: stretch.silent ?? '', told };
  } else if (!isWorthTelling(state.open.told, state.ms, 'medium')) return;
  emitUnproven(state, at, context, null);
}

function take(state: UnprovenState, stretch: Stretch, at: DutySpan, context: RuleContext): void {
  if (!stretch.binding) {
    if (state.open !== null) close(state, at, context, stretch.start);
    state.since = null;
    state.ms = 0;
  } else if (stretch.silent === null) takeKnown(state, stretch, at, context);
  else takeSilent(state, stretch, at, context);
}

/** The stretch up to `until`, cut where a sign begins or ends; a sign makes it known. */
function cutBySigns(stretch: Stretch, until: number, signs: LineSigns['spans']): Stretch[] {
  const cut: Stretch[] = [];
  let { start } = stretch;
  const add = (end: number, isSign: boolean): void => {
    if (end > start) cut.push({ ...stretch, start, end, silent: isSign ? null : stretch.silent });
    start = Math.max(start, end);
  };
  if (stretch.binding && stretch.silent !== null) {
    for (const [from, to] of signs) {
      if (from >= until) break;
      add(from, false);
      add(Math.min(to, until), true);
    }
  }
  add(until, false);
  return cut;
}

function wait(state: UnprovenState, stretch: Stretch): void {
  const last = state.waiting.at(-1);
  const isSame = last?.end === stretch.start && last.binding === stretch.binding && last.silent === stretch.silent;
  if (isSame) last.end = stretch.end;
  else state.waiting.push(stretch);
}

/** One piece under a constant duty. */
export function stepUnproven(state: UnprovenState, at: DutySpan, context: RuleContext): void {
  const { span, duty } = at;
  const silent = span.productionMeters.filter((meter) => meter.running === 'unknown');
  const names = silent.map(({ meter }) => meter.device.id).join(', ');
  wait(state, {
    start: span.start,
    end: span.end,
    binding: duty.binding,
    silent: span.production === 'unknown' ? names : null,
  });
  const { spans, settledTo } = span.signs;
  for (let first = state.waiting[0]; first !== undefined; first = state.waiting[0]) {
    // Only silence has to wait for signs.
    const until = first.binding && first.silent !== null ? Math.min(first.end, settledTo) : first.end;
    if (until <= first.start) return;
    for (const stretch of cutBySigns(first, until, spans)) take(state, stretch, at, context);
    if (until === first.end) state.waiting.shift();
    else state.waiting[0] = { ...first, start: until };
  }
}
