/**
 * The hourly mean reaches nine tenths of the limit without breaking it: the next small upset will.
 *
 * Innocent look-alikes: a plant that stands, an hour excused by a declared state, a lower bound (it shows nothing), an
 * exceeding hour (that is `limit.hour`). A plant that is tuned to run close to its limit is meant, and told at low
 * severity: it keeps the law.
 */
import type { Severity, Subject } from '../../contracts/finding.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import { isListDue, MOST_LISTED } from '../findings/growth.ts';
import {
  countInRow,
  formatNumber,
  formatShare,
  formatWhen,
  list,
  part,
  signalZh,
  text,
  unitOf,
} from '../findings/words.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { limitEvidence, periodEvidence, type PeriodEvidence } from './limit-episode.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const limitNear: RuleFacts = {
  id: 'limit.near',
  version: 1,
  category: 'exceedance',
  title: { zh: '小时均值接近限值', en: 'Hourly mean near the limit' },
  summary: {
    zh: '某整点小时的有效（折算）均值达到限值的 90% 及以上而未超标。',
    en: 'The valid (converted) mean of a clock hour is at 90 % of the limit or above, and not over it.',
  },
  severities: ['info', 'low'],
  basis: [
    { document: 'project contract', clause: 'section 5: an hour in [0.9 max, max]' },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: [
    {
      name: 'share',
      unit: '1',
      default: 0.9,
      minimum: 0.5,
      maximum: 1,
      help: 'share of the limit from which an hour is near it; of a minimum, its inverse',
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '只判断小时限值；无效、停运、豁免或仅知下限的小时不判定。',
      en: 'Hourly limits only; an invalid, idle or excused hour, or one known only as a lower bound, is not judged.',
    },
    {
      zh: '设计上贴近限值运行的企业会经常触发，这不是违法。',
      en: 'A plant that is designed to run close to its limit triggers it often; that breaks no law.',
    },
  ],
  explain: (evidence) => {
    const limit = part(evidence['limit']);
    const [zhBound, enBound] =
      evidence['side'] === 'max'
        ? [`限值 ${formatNumber(limit['max'])}`, `the limit of ${formatNumber(limit['max'])}`]
        : [`下限 ${formatNumber(limit['min'])}`, `the minimum of ${formatNumber(limit['min'])}`];
    const unit = unitOf(evidence['signal']);
    const percent = formatNumber(Number(evidence['shareOfLimit']) * 100);
    const start = formatWhen(list(evidence['hours'])[0]?.['start']);
    return {
      zh: `自 ${start} 起连续 ${formatNumber(evidence['count'])} 个小时的${signalZh(evidence['signal'])}均值接近${zhBound}${unit}而未超标，最接近值 ${formatNumber(evidence['closest'])}${unit}（为限值的 ${percent}%）。建议在超标前检查治污设施运行。`,
      en: `From ${start}, ${countInRow(Number(evidence['count']), 'hours')} had a mean of ${text(evidence['signal'])} near ${enBound}${unit} without breaking it, the closest ${formatNumber(evidence['closest'])}${unit} (${percent} % of it). Look at the treatment before it is over.`,
    };
  },
};

interface NearEpisode {
  readonly start: number;
  end: number;
  readonly detectedAt: number;
  readonly side: 'max' | 'min';
  readonly subject: Subject;
  count: number;
  /** The first of them. */
  hours: PeriodEvidence[];
  closest: number;
  toldMs: number;
}

/** One limit. Part of snapshots. */
export interface NearState {
  open: NearEpisode | null;
}

export function initialNearState(): NearState {
  return { open: null };
}

/** The bound that a value is near to without breaking it; null: near none. A limit of zero leaves nothing near it. */
function nearSide(value: number, limit: Limit, share: number): NearEpisode['side'] | null {
  const { max, min } = limit;
  const isWithin = (max === undefined || value <= max) && (min === undefined || value >= min);
  if (!isWithin) return null;
  if (max !== undefined && max > 0 && value >= share * max) return 'max';
  return min !== undefined && min > 0 && value <= min / share ? 'min' : null;
}

function emitNear(
  limit: Limit,
  episode: NearEpisode,
  at: { readonly context: RuleContext; readonly isOpen: boolean },
): void {
  const { context, isOpen } = at;
  const bound = (episode.side === 'max' ? limit.max : limit.min) as number;
  const severity: Severity = episode.count > 1 ? 'low' : 'info';
  context.emit({
    rule: limitNear,
    subject: episode.subject,
    startAt: episode.start,
    endAt: isOpen ? null : episode.end,
    state: isOpen ? 'open' : 'closed',
    detectedAt: episode.detectedAt,
    severity,
    confidence: 1,
    discriminator: limit.average.text,
    evidence: {
      signal: limit.signal,
      limit: limitEvidence(limit, context),
      side: episode.side,
      share: context.parameter('share'),
      count: episode.count,
      hours: [...episode.hours],
      closest: episode.closest,
      shareOfLimit: formatShare(episode.closest / bound),
    },
  });
}

function extend(
  state: NearState,
  limit: Limit,
  at: { hour: JudgedPeriod; side: NearEpisode['side']; context: RuleContext },
): void {
  const { hour, side, context } = at;
  const value = hour.value as number;
  let { open } = state;
  if (open !== null && (open.end !== hour.start || open.side !== side)) {
    endNear(state, limit, context);
    open = null;
  }
  if (open === null) {
    const subject = { outlet: hour.outlet, device: hour.device, signal: hour.signal };
    const counters = { count: 0, hours: [], closest: value, toldMs: 0 };
    open = { start: hour.start, end: hour.end, detectedAt: hour.end, side, subject, ...counters };
    state.open = open;
  }
  open.end = hour.end;
  open.count += 1;
  if (open.hours.length < MOST_LISTED) open.hours.push(periodEvidence(hour, context));
  open.closest = side === 'max' ? Math.max(open.closest, value) : Math.min(open.closest, value);
  if (!isListDue(open.toldMs, open.end - open.start)) return;
  open.toldMs = open.end - open.start;
  emitNear(limit, open, { context, isOpen: true });
}

/** One closed hour against a legal limit in force at its start. Whatever is not near ends the run, unknown included. */
export function stepNear(state: NearState, limit: Limit, hour: JudgedPeriod, context: RuleContext): void {
  const { value } = hour;
  const isKnown = hour.valid && !hour.lowerBound && hour.operating === true && hour.excuse === null;
  const side = isKnown && value !== null ? nearSide(value, limit, context.parameter('share')) : null;
  if (side === null) endNear(state, limit, context);
  else extend(state, limit, { hour, side, context });
}

/** The run is over, or the limit is no longer in force. */
export function endNear(state: NearState, limit: Limit, context: RuleContext): void {
  if (state.open === null) return;
  emitNear(limit, state.open, { context, isOpen: false });
  state.open = null;
}
