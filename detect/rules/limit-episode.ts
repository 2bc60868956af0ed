/**
 * Adjacent exceeding periods of one limit are one finding: what `limit.hour`, `limit.day` and `limit.period` share.
 */
import type { Subject } from '../../contracts/finding.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import { judge, type JudgedPeriod, type Verdict } from '../means/judged-period.ts';
import { longStart } from '../means/long-cell.ts';
import { formatShare } from '../findings/words.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

/** One exceeding period as it stands in the evidence. */
export type PeriodEvidence = Readonly<Record<string, unknown>>;

export interface LimitEpisode {
  readonly kind: 'over' | 'excused';
  readonly start: number;
  end: number;
  readonly detectedAt: number;
  readonly subject: Subject;
  periods: PeriodEvidence[];
  worst: number;
}

/** Part of snapshots. */
export interface LimitState {
  open: LimitEpisode | null;
  /** Exceeding periods of the running allowance window. */
  allowed: { start: number; count: number } | null;
}

export function initialLimitState(): LimitState {
  return { open: null, allowed: null };
}

/** The limit as it stands in the evidence. */
export function limitEvidence(limit: Limit, context: RuleContext): Record<string, unknown> {
  return {
    ...(limit.max === undefined ? {} : { max: limit.max }),
    ...(limit.min === undefined ? {} : { min: limit.min }),
    average: limit.average.text,
    ...(limit.source === undefined ? {} : { source: limit.source }),
    ...(Number.isFinite(limit.fromAt) ? { from: context.time.format(limit.fromAt) } : {}),
    role: limit.role,
    ...(limit.allow === undefined ? {} : { allow: { count: limit.allow.count, per: limit.allow.per.text } }),
  };
}

/** A judged period as it stands in the evidence. */
export function periodEvidence(period: JudgedPeriod, context: RuleContext): PeriodEvidence {
  const { excuse } = period;
  return {
    start: context.time.format(period.start),
    value: period.value,
    mean: period.mean,
    ...(period.converted === null ? {} : { converted: period.converted }),
    ...(period.o2 === null ? {} : { o2: period.o2 }),
    ...(period.assumedO2 === null ? {} : { assumedO2: period.assumedO2 }),
    ...(period.lowerBound ? { lowerBound: true } : {}),
    valid: period.parts.valid,
    expected: period.parts.expected,
    parts: period.parts.unit,
    source: period.source,
    ...(period.ownMean === null ? {} : { deviceMean: period.ownMean }),
    ...(period.ownConverted === null ? {} : { deviceConverted: period.ownConverted }),
    ...(period.later === null ? {} : { rewrittenMean: period.later }),
    ...(excuse === null
      ? {}
      : {
          mark: {
            state: excuse.state,
            by: excuse.by,
            from: context.time.format(excuse.from),
            declaredAt: context.time.format(excuse.declaredAt),
          },
        }),
  };
}

/** How far over: value ÷ max, or min ÷ value. */
function ratio(value: number, limit: Limit): number {
  if (limit.max !== undefined && value > limit.max) return limit.max > 0 ? value / limit.max : Number.MAX_VALUE;
  return limit.min !== undefined && value > 0 ? limit.min / value : Number.MAX_VALUE;
}

/** Name under which the periods stand in the evidence: an hour is one however the registry writes it (PT60M). */
function listName(rule: RuleFacts): 'hours' | 'days' | 'periods' {
  return rule.id === 'limit.hour' ? 'hours' : rule.id === 'limit.day' ? 'days' : 'periods';
}

function isAllowed(state: LimitState, limit: Limit, period: JudgedPeriod, context: RuleContext): boolean {
  if (limit.allow === undefined) return false;
  const start = longStart(context.time, limit.allow.per, period.start);
  if (state.allowed?.start !== start) state.allowed = { start, count: 0 };
  state.allowed.count += 1;
  return state.allowed.count <= limit.allow.count;
}

function emitEpisode(
  rule: RuleFacts,
  limit: Limit,
  episode: LimitEpisode,
  at: { readonly state: 'open' | 'closed'; readonly context: RuleContext },
): void {
  const { context } = at;
  const criticalRatio = context.parameter('criticalRatio');
  const over = ratio(episode.worst, limit);
  const serious = over >= criticalRatio ? 'critical' : 'high';
  const severity = episode.kind === 'excused' ? 'info' : limit.role === 'warning' ? 'low' : serious;
  context.emit({
    rule,
    subject: episode.subject,
    startAt: episode.start,
    endAt: at.state === 'closed' ? episode.end : null,
    state: at.state,
    detectedAt: episode.detectedAt,
    severity,
    confidence: 1,
    discriminator: `${limit.average.text}|${limit.role}|${episode.kind}`,
    evidence: {
      limit: limitEvidence(limit, context),
      [listName(rule)]: [...episode.periods],
      worst: episode.worst,
      timesLimit: Number.isFinite(over) && over < Number.MAX_VALUE ? formatShare(over) : null,
      excused: episode.kind === 'excused',
      ...(episode.periods.some((period) => period['lowerBound'] === true) ? { lowerBound: true } : {}),
    },
  });
}

function isWorse(value: number, than: number, limit: Limit): boolean {
  return limit.max !== undefined && value > limit.max ? value > than : value < than;
}

function extend(
  state: LimitState,
  rule: RuleFacts,
  limit: Limit,
  at: { period: JudgedPeriod; kind: LimitEpisode['kind']; context: RuleContext },
): void {
  const { period, kind, context } = at;
  const value = period.value as number;
  const { open } = state;
  if (open !== null && open.end === period.start && open.kind === kind) {
    open.end = period.end;
    open.periods.push(periodEvidence(period, context));
    if (isWorse(value, open.worst, limit)) open.worst = value;
  } else {
    if (open !== null) emitEpisode(rule, limit, open, { state: 'closed', context });
    state.open = {
      kind,
      start: period.start,
      end: period.end,
      detectedAt: period.end,
      subject: { outlet: period.outlet, device: period.device, signal: period.signal },
      periods: [periodEvidence(period, context)],
      worst: value,
    };
  }
  if (state.open !== null) emitEpisode(rule, limit, state.open, { state: 'open', context });
}

/** One closed period against the limit in force at its start. Every other verdict ends the run, unknown included. */
export function stepLimit(
  state: LimitState,
  rule: RuleFacts,
  limit: Limit,
  at: { readonly period: JudgedPeriod; readonly context: RuleContext },
): Verdict {
  const { period, context } = at;
  const verdict = judge(period, limit);
  const isOver = verdict === 'over' || verdict === 'excused';
  if (isOver && (verdict === 'excused' || !isAllowed(state, limit, period, context))) {
    extend(state, rule, limit, { period, kind: verdict, context });
  } else {
    endEpisode(state, rule, limit, context);
  }
  return verdict;
}

/** The run is over: a period that does not exceed, or the limit is no longer in force. */
export function endEpisode(state: LimitState, rule: RuleFacts, limit: Limit, context: RuleContext): void {
  if (state.open === null) return;
  emitEpisode(rule, limit, state.open, { state: 'closed', context });
  state.open = null;
}
