/**
 * A ten-minute mean is above the one before it by more than half the limit: the treatment has let go, or gas that was
 * held back has come out.
 *
 * Innocent look-alikes: a start after standstill (its first period has nothing to be compared with, and the second only
 * the first of them), a declared state or a calibration that touches either period, an analyser that comes back from
 * its range's end, a value that is only a lower bound.
 */
import type { Severity, Subject } from '../../contracts/finding.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { countInRow, formatNumber, formatWhen, list, part, signalZh, text, unitOf } from '../findings/words.ts';
import { limitEvidence } from './limit-episode.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const limitSurge: RuleFacts = {
  id: 'limit.surge',
  version: 1,
  category: 'exceedance',
  title: { zh: '浓度突升', en: 'Sudden rise' },
  summary: {
    zh: '10 分钟均值比前一个 10 分钟均值升高超过限值的一半。',
    en: 'A ten-minute mean is above its predecessor by more than half the limit.',
  },
  severities: ['low', 'medium'],
  basis: [
    {
      document: 'project contract',
      clause: 'section 5: a 10-min mean above its predecessor by more than half the limit, unmarked, operating',
    },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: [
    {
      name: 'share',
      unit: '1',
      default: 0.5,
      minimum: 0.1,
      maximum: 10,
      help: 'rise as a share of the limit in force',
      source: 'project contract, section 5',
    },
    {
      name: 'settleMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: 0,
      maximum: DAY_MS,
      help: 'time after a standstill in which values are no measure for those that follow',
      source: 'engineering judgement: the first ten minutes of a start rise by themselves',
    },
  ],
  limits: [
    {
      zh: '未装生产电表且无基准含氧量的排口，停运后的开机会被当作突升。',
      en: 'At an outlet with neither production meters nor a reference O2 a start after standstill looks like a rise.',
    },
    {
      zh: '上报周期长于 10 分钟的设备没有 10 分钟均值，不作判断。',
      en: 'A monitor that reports more rarely than every ten minutes has no ten-minute means and is not judged.',
    },
    {
      zh: '缓慢上升（每 10 分钟不到限值一半）不会触发。',
      en: 'A slow rise, less than half the limit in ten minutes, does not trigger it.',
    },
  ],
  explain: (evidence) => {
    const limit = part(evidence['limit']);
    const periods = list(evidence['periods']);
    const worst = part(evidence['worst']);
    const unit = unitOf(evidence['signal']);
    const from = `${formatNumber(worst['before'])}${unit}`;
    const to = `${formatNumber(worst['value'])}${unit}`;
    const rise = `${formatNumber(worst['rise'])}${unit}`;
    const needed = `${formatNumber(evidence['threshold'])}${unit}`;
    const when = formatWhen(worst['start']);
    return {
      zh: `${when} 起的 10 分钟内，${signalZh(evidence['signal'])}均值由 ${from} 升至 ${to}，升高 ${rise}，超过阈值 ${needed}（限值 ${formatNumber(limit['max'])}${unit} 的一部分）。共 ${periods.length} 个时段突升，生产中且无标记。`,
      en: `In the ten minutes from ${when} the mean of ${text(evidence['signal'])} rose from ${from} to ${to}, by ${rise}, more than ${needed} (limit ${formatNumber(limit['max'])}${unit}). ${countInRow(periods.length, 'periods')} rose so, at work and without a mark.`,
    };
  },
};

/** A ten-minute period of one signal. */
export interface SurgeSlot {
  readonly start: number;
  readonly end: number;
  /** What the limit is compared with; null: not valid, or known only as a lower bound. */
  readonly value: number | null;
  /** As measured, dry. */
  readonly mean: number;
  /** % ; null: no conversion. */
  readonly o2: number | null;
  readonly valid: number;
  readonly expected: number;
  readonly operating: boolean;
  /** A declared state touches it. */
  readonly isMarked: boolean;
}

interface SurgePeriod {
  readonly start: string;
  readonly value: number;
  readonly before: number;
  readonly rise: number;
  readonly mean: number;
  readonly o2?: number;
  readonly valid: number;
  readonly expected: number;
}

interface SurgeEpisode {
  readonly start: number;
  end: number;
  readonly detectedAt: number;
  readonly subject: Subject;
  readonly limit: Readonly<Record<string, unknown>>;
  readonly max: number;
  told: Severity;
  /** Highest value of its periods. */
  highest: number;
  periods: SurgePeriod[];
  worst: SurgePeriod;
}

/** One signal. Part of snapshots. */
export interface SurgeState {
  /** The last period that may be compared with: [start, value]. */
  before: readonly [number, number] | null;
  /** End of the last period in which the plant stood. */
  stoodTo: number | null;
  open: SurgeEpisode | null;
}

export function initialSurgeState(): SurgeState {
  return { before: null, stoodTo: null, open: null };
}

interface SurgeScope {
  readonly subject: Subject;
  /** In force at the period's start; undefined: none. */
  readonly limit: Limit | undefined;
  readonly context: RuleContext;
}

/** Beyond this, rounding of sums: no rise. */
const ROUNDING = 1e-9;

function severityOf({ highest, max }: SurgeEpisode): Severity {
  return highest > max ? 'medium' : 'low';
}

function emitSurge(open: SurgeEpisode, context: RuleContext, isOpen: boolean): void {
  const share = context.parameter('share');
  open.told = severityOf(open);
  context.emit({
    rule: limitSurge,
    subject: open.subject,
    startAt: open.start,
    endAt: isOpen ? null : open.end,
    state: isOpen ? 'open' : 'closed',
    detectedAt: open.detectedAt,
    severity: open.told,
    confidence: 0.9,
    evidence: {
      signal: open.subject.signal,
      limit: open.limit,
      share,
      threshold: share * open.max,
      periods: [...open.periods],
      worst: open.worst,
    },
  });
}

function endSurge(state: SurgeState, context: RuleContext): void {
  if (state.open === null) return;
  emitSurge(state.open, context, false);
  state.open = null;
}

function begin(slot: SurgeSlot, scope: SurgeScope, limit: Limit, worst: SurgePeriod): SurgeEpisode {
  return {
    start: slot.start,
    end: slot.end,
    detectedAt: slot.end,
    subject: scope.subject,
    limit: limitEvidence(limit, scope.context),
    max: limit.max as number,
    told: 'info',
    highest: worst.value,
    periods: [],
    worst,
  };
}

function extend(
  state: SurgeState,
  slot: SurgeSlot,
  scope: SurgeScope,
  of: { limit: Limit; value: number; before: number },
): void {
  const { value, before } = of;
  if (state.open !== null && state.open.end !== slot.start) endSurge(state, scope.context);
  const period: SurgePeriod = {
    start: scope.context.time.format(slot.start),
    value,
    before,
    rise: value - before,
    mean: slot.mean,
    ...(slot.o2 === null ? {} : { o2: slot.o2 }),
    valid: slot.valid,
    expected: slot.expected,
  };
  state.open ??= begin(slot, scope, of.limit, period);
  const { open } = state;
  open.end = slot.end;
  open.periods.push(period);
  open.highest = Math.max(open.highest, value);
  if (period.rise > open.worst.rise) open.worst = period;
  if (severityOf(open) !== open.told) emitSurge(open, scope.context, true);
}

/** Notes the period for its successor. @returns what it may be compared with; undefined where nothing is */
function comparable(state: SurgeState, slot: SurgeSlot, settleMs: number): number | undefined {
  const { before, stoodTo } = state;
  state.before = slot.value === null || slot.isMarked ? null : [slot.start, slot.value];
  if (state.before === null || before === null) return undefined;
  const [start, value] = before;
  const isAdjacent = slot.start - start === slot.end - slot.start;
  const isSettled = stoodTo === null || start >= stoodTo + settleMs;
  return isAdjacent && isSettled ? value : undefined;
}

/** One ten-minute period. Unknown, marked and just started ones neither extend nor end; a standstill ends. */
export function stepSurge(state: SurgeState, slot: SurgeSlot, scope: SurgeScope): void {
  const { limit, context } = scope;
  if (!slot.operating) {
    state.stoodTo = slot.end;
    state.before = null;
    endSurge(state, context);
    return;
  }
  const before = comparable(state, slot, context.parameter('settleMs'));
  if (limit?.max === undefined || limit.max <= 0) {
    endSurge(state, context);
    return;
  }
  if (before === undefined || slot.value === null) return;
  const isSurge = slot.value - before > context.parameter('share') * limit.max * (1 + ROUNDING);
  if (isSurge) extend(state, slot, scope, { limit, value: slot.value, before });
  else endSurge(state, context);
}
