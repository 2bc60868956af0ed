/**
 * The running hour will be over its limit even if the stack emits nothing for the rest of it.
 *
 * Innocent look-alikes: an hour that a declared state excuses already, a plant that may still turn out to have stood,
 * an hour that too many missing minutes have made unknown. What happens afterwards is told in `outcome`: the forecast
 * was right when it was made, and is not taken back.
 */
import type { Subject } from '../../contracts/finding.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { formatNumber, formatWhen, part, signalZh, text, unitOf } from '../findings/words.ts';
import type { JudgedPeriod, Verdict } from '../means/judged-period.ts';
import type { RunningParts } from '../means/least-mean.ts';
import { limitEvidence } from './limit-episode.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

const OUTCOMES: Readonly<Record<string, readonly [string, string]>> = {
  over: ['该小时最终超标', 'The hour ended over the limit'],
  excused: ['该小时最终超标，但由标记豁免', 'The hour ended over the limit, excused by a mark'],
  unknown: ['该小时最终有效数据不足，无法判定', 'The hour ended without enough valid data to be judged'],
  'not-operating': ['该小时最终判定为停运', 'The hour ended as one in which the plant stood'],
  within: ['该小时最终未超标', 'The hour ended within the limit'],
};

export const limitForecast: RuleFacts = {
  id: 'limit.forecast',
  version: 1,
  category: 'exceedance',
  title: { zh: '本小时必将超标', en: 'The running hour will be over the limit' },
  summary: {
    zh: '即使本小时剩余时间排放和含氧量均为零，小时（折算）均值仍将超过限值。',
    en: 'Even with zero emission and zero O2 for the rest of the clock hour its (converted) mean will be over the limit.',
  },
  severities: ['medium'],
  basis: [
    {
      document: 'project contract',
      clause: 'section 5: over even if the pollutant and O2 were 0 for the rest, all valid',
    },
    { document: 'HJ 212-2017', clause: 'annex D: an hour needs 45 valid minutes; conversion to reference oxygen' },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: [],
  limits: [
    {
      zh: '若剩余分钟大量缺失或无效，该小时可能无法判定，预测结果以 outcome 为准。',
      en: 'If many of the remaining minutes go missing or invalid the hour becomes unknown; see `outcome`.',
    },
    {
      zh: '有电表的排口须已确认在生产；电表上报周期长时可能到小时末才能确认。',
      en: 'An outlet with meters must be known to work; meters that report rarely tell so only late in the hour.',
    },
    {
      zh: '设备实际上报比登记的周期更密时，正在进行的那一分钟会被提前计入。',
      en: 'A device that samples more often than the registry says has its running minute counted too early.',
    },
  ],
  explain: (evidence) => {
    const limit = part(evidence['limit']);
    const unit = unitOf(evidence['signal']);
    const outcome = OUTCOMES[String(evidence['outcome'])];
    const ended = evidence['value'] === undefined ? '' : ` (${formatNumber(evidence['value'])}${unit})`;
    const [zhEnd, enEnd] = outcome === undefined ? ['', ''] : [`${outcome[0]}${ended}。`, ` ${outcome[1]}${ended}.`];
    const valid = formatNumber(evidence['valid']);
    const left = formatNumber(evidence['remaining']);
    const most = `${formatNumber(limit['max'])}${unit}`;
    const least = `${formatNumber(evidence['least'])}${unit}`;
    const what = evidence['converted'] === true ? ['折算', 'converted '] : ['', ''];
    return {
      zh: `${formatWhen(evidence['hour'])} 起的小时内，${signalZh(evidence['signal'])}已有 ${valid} 个有效时段，剩余 ${left} 个即使全部为零，${what[0]}均值至少为 ${least}，超过限值 ${most}。${zhEnd}`,
      en: `In the hour from ${formatWhen(evidence['hour'])}, after ${valid} valid parts of ${text(evidence['signal'])} and with zero in the ${left} still to come, the ${what[1]}mean will be at least ${least}, above the limit of ${most}.${enEnd}`,
    };
  },
};

/** What a running hour will be at least, and what that rests on. */
export interface Foresight {
  readonly subject: Subject;
  readonly hourStart: number;
  /** Event time of the report that decided it. */
  readonly at: number;
  /** What the limit is compared with. */
  readonly least: number;
  /** As measured, dry. */
  readonly leastMean: number;
  /** % ; null: no conversion. */
  readonly leastO2: number | null;
  /** O2 of earlier days, where this hour's can no longer be valid; % . */
  readonly assumedO2: number | null;
  readonly parts: RunningParts;
  readonly o2: RunningParts | undefined;
  readonly operatingBy: 'meter' | 'missing-meter-data' | 'no-meters';
}

/** One limit in one hour. Part of snapshots. */
export interface ForecastState {
  readonly hour: number;
  readonly detectedAt: number;
  readonly subject: Subject;
  readonly evidence: Readonly<Record<string, unknown>>;
}

function emitForecast(
  state: ForecastState,
  limit: Limit,
  context: RuleContext,
  ended: Readonly<Record<string, unknown>> | null,
): void {
  context.emit({
    rule: limitForecast,
    subject: state.subject,
    startAt: state.hour,
    endAt: ended === null ? null : state.hour + HOUR_MS,
    state: ended === null ? 'open' : 'closed',
    detectedAt: state.detectedAt,
    severity: 'medium',
    confidence: 0.95,
    discriminator: limit.average.text,
    evidence: { ...state.evidence, ...ended },
  });
}

/** The hour is lost. */
export function openForecast(seen: Foresight, limit: Limit, context: RuleContext): ForecastState {
  const { parts, o2 } = seen;
  const state: ForecastState = {
    hour: seen.hourStart,
    detectedAt: seen.at,
    subject: seen.subject,
    evidence: {
      signal: limit.signal,
      hour: context.time.format(seen.hourStart),
      decidedAt: context.time.format(seen.at),
      limit: limitEvidence(limit, context),
      least: seen.least,
      leastMean: seen.leastMean,
      converted: seen.leastO2 !== null,
      ...(seen.leastO2 === null ? {} : { leastO2: seen.leastO2 }),
      ...(seen.assumedO2 === null ? {} : { assumedO2: seen.assumedO2 }),
      sum: parts.sum,
      valid: parts.valid,
      remaining: parts.remaining,
      expected: parts.expected,
      partMinutes: parts.partMs / 60_000,
      ...(o2 === undefined ? {} : { o2Sum: o2.sum, o2Valid: o2.valid, o2Remaining: o2.remaining }),
      ...(parts.overRange ? { overRange: true } : {}),
      operatingBy: seen.operatingBy,
      outcome: null,
    },
  };
  emitForecast(state, limit, context, null);
  return state;
}

/** The hour is over: what came of it. */
export function closeForecast(
  state: ForecastState,
  limit: Limit,
  ended: { readonly verdict: Verdict; readonly hour: JudgedPeriod },
  context: RuleContext,
): void {
  const { value, valid } = ended.hour;
  emitForecast(state, limit, context, {
    outcome: ended.verdict,
    ...(valid && value !== null ? { value } : {}),
  });
}
