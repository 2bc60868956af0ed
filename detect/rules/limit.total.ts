/**
 * More was emitted in a month, a year or another calendar period than the permit's cap allows, in tonnes.
 *
 * Every hour counts with its measured mass, excused hours too: a start-up excuses a concentration, not tonnes. Hours
 * known to stand are 0; missing ones are substituted as in HJ 75, each with the code of its method in its mean.
 *
 * Innocent look-alikes: a plant that stands (0, even though its analyser shows something); noise below zero (0); a total
 * at the cap but for the rounding of sums; missing hours at a plant of little data (unknown, never a guess).
 */
import type { BilingualText } from '../../contracts/finding.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { passes, totalKg } from '../means/emission-total.ts';
import type { SubstitutionTerms } from '../means/emission-mass.ts';
import { formatNumber, formatShare, formatWhen, part } from '../findings/words.ts';
import { capEvidence, capWords, restsOn, signalWords, type CapStep } from './cap-words.ts';
import type { Evidence, RuleContext, RuleFacts } from './rule.ts';

function explain(evidence: Evidence): BilingualText {
  const period = part(evidence['period']);
  const cap = capWords(evidence);
  const signal = signalWords(evidence);
  const rests = restsOn(evidence);
  const percent = formatNumber(evidence['percent']);
  const tonnes = formatNumber(evidence['tonnes']);
  const passed = formatWhen(evidence['passedAt']);
  const alone =
    evidence['measuredAlone'] === true
      ? { zh: '仅实测部分即已超过。', en: 'The measured hours alone pass it.' }
      : {
          zh: '仅实测部分尚未超过，须先核实替代小时。',
          en: 'The measured hours alone do not: look at the others first.',
        };
  const raised =
    evidence['stillOver'] === false
      ? { zh: '按现登记的指标已不再超过。', en: ' By the cap as it is registered now it is no longer passed.' }
      : { zh: '', en: '' };
  return {
    zh: `自 ${formatWhen(period['start'])} 起${signal.zh}累计排放 ${tonnes} 吨，为${cap.zh}的 ${percent}%，于 ${passed} 超过。${rests.zh}${alone.zh}${raised.zh}`,
    en: `Since ${formatWhen(period['start'])} ${tonnes} t of ${signal.en} were emitted, ${percent} % of ${cap.en}, which was passed at ${passed}. ${rests.en} ${alone.en}${raised.en}`,
  };
}

export const limitTotal: RuleFacts = {
  id: 'limit.total',
  version: 1,
  category: 'exceedance',
  title: { zh: '排放总量超标', en: 'Emitted more than the cap' },
  summary: {
    zh: '某排口某污染物在许可周期（月、年等）内的排放量超过总量控制指标。',
    en: 'The tonnes that an outlet emitted in a calendar period are over the cap of its permit.',
  },
  severities: ['high'],
  basis: [
    { document: 'HJ 212-2017', clause: 'annex D: G = C × Q × 10⁻⁶ with the measured dry standard mean' },
    { document: 'HJ 75-2017', clause: 'substitution of missing hours for mass, by quarterly capture rate and gap' },
    { document: 'permit (registry)', clause: 'the cap in force, quoted in the evidence' },
  ],
  parameters: [
    {
      name: 'fewestHours',
      unit: 'h',
      default: 24,
      minimum: 1,
      maximum: 2160,
      help: 'valid hours that there must be before a missing one is substituted; with fewer it is unknown',
      source: 'engineering judgement: a day of work has seen the usual loads; HJ 75 names no least number',
    },
    {
      name: 'shortGapMs',
      unit: 'ms',
      default: 24 * HOUR_MS,
      minimum: HOUR_MS,
      maximum: 720 * HOUR_MS,
      help: 'a gap up to this long takes the largest of the last 180 valid hours, a longer one of the last 720',
      source: 'HJ 75-2017 substitution table as public platform code has it; not compared with the standard itself',
    },
    {
      name: 'goodRatePercent',
      unit: '%',
      default: 90,
      minimum: 0,
      maximum: 100,
      help: 'valid capture rate below which a missing hour takes the largest of the last 2,160 valid hours',
      source: 'HJ 75-2017 substitution table as public platform code has it; not compared with the standard itself',
    },
    {
      name: 'leastRatePercent',
      unit: '%',
      default: 75,
      minimum: 0,
      maximum: 100,
      help: 'valid capture rate below which nothing is substituted: the hour is unknown',
      source: 'HJ 75-2017 substitution table as public platform code has it; not compared with the standard itself',
    },
    {
      name: 'hoursAlone',
      unit: 'h',
      default: 168,
      minimum: 1,
      maximum: 2208,
      help: 'hours of a quarter from which on its capture rate stands alone; before, the last quarter counts with it',
      source: 'engineering judgement: in the first week a few hours of calibration would decide the rate',
    },
    {
      name: 'growthPercent',
      unit: '%',
      default: 1,
      minimum: 0.01,
      maximum: 100,
      help: 'told again, at most once a day, when the total has grown by this share of the cap',
      source: 'engineering judgement: less is no news to anyone',
    },
  ],
  limits: [
    {
      zh: '只计入有数据以来的小时；此前的排放未知，总量为下限值，证据中注明。',
      en: 'Only hours since the first data count; what was emitted before is unknown and the total a lower bound, which is said.',
    },
    {
      zh: '捕集率低于 75% 或有效小时过少时不替代：缺失小时未知，总量可能被低估。',
      en: 'Below a capture rate of 75 %, or with few valid hours, nothing is substituted: the total may be too low.',
    },
    {
      zh: '捕集率按小时所在季度截至当时计算，不在季末重算。',
      en: "The capture rate is the quarter's up to the missing hour; it is not worked out again at the quarter's end.",
    },
    {
      zh: '流量须为标干流量；废水排口的缺失小时不替代。',
      en: 'The flow must be dry standard; missing hours of waste water are not substituted.',
    },
  ],
  explain,
};

/** Of one period of a cap. Part of snapshots. */
export interface TotalState {
  /** End of the hour that passed the cap. */
  passedAt: number | null;
  /** The total that readers were told last. */
  toldKg: number;
}

export function initialTotalState(): TotalState {
  return { passedAt: null, toldKg: 0 };
}

/** The terms of substitution in force at the site. */
export function substitutionTerms(context: RuleContext): SubstitutionTerms {
  return {
    fewestHours: context.parameter('fewestHours'),
    shortGapMs: context.parameter('shortGapMs'),
    goodRatePercent: context.parameter('goodRatePercent'),
    leastRatePercent: context.parameter('leastRatePercent'),
    hoursAlone: context.parameter('hoursAlone'),
  };
}

/** A cap passed by substituted hours only is less sure than one passed by measured ones. */
const SUBSTITUTED_CONFIDENCE = 0.8;

function emitTotal(state: TotalState, step: CapStep, context: RuleContext, endAt: number | null): void {
  const { cap, total, subject } = step;
  const kg = totalKg(total);
  const measuredAlone = passes(total.measuredKg, cap.tonnes);
  state.toldKg = kg;
  context.emit({
    rule: limitTotal,
    subject,
    startAt: total.start,
    endAt,
    state: endAt === null ? 'open' : 'closed',
    detectedAt: state.passedAt ?? step.at,
    severity: 'high',
    confidence: measuredAlone ? 1 : SUBSTITUTED_CONFIDENCE,
    discriminator: cap.per,
    evidence: {
      ...capEvidence(step, context),
      percent: formatShare((kg / (cap.tonnes * 1_000)) * 100),
      passedAt: context.time.format(state.passedAt ?? step.at),
      measuredAlone,
      stillOver: passes(kg, cap.tonnes),
    },
  });
}

/**
 * The total of a period after an hour, or after earlier hours of it came out differently. It closes with the period; a
 * total that no longer passes, since the registry names another cap now, closes at once.
 */
export function stepTotal(state: TotalState, step: CapStep, context: RuleContext): void {
  const { cap, total, at } = step;
  const kg = totalKg(total);
  if (!passes(kg, cap.tonnes)) {
    endTotal(state, step, context);
    return;
  }
  const isNew = state.passedAt === null;
  state.passedAt ??= at;
  const isOver = at >= total.end;
  const growthKg = context.parameter('growthPercent') * 10 * cap.tonnes;
  const isNews = isNew || isOver || (step.isDayEnd && kg - state.toldKg >= growthKg);
  if (isNews) emitTotal(state, step, context, isOver ? total.end : null);
}

/** The cap is not passed any more, or was struck out. */
export function endTotal(state: TotalState, step: CapStep, context: RuleContext): void {
  if (state.passedAt === null) return;
  emitTotal(state, step, context, Math.min(step.at, step.total.end));
  state.passedAt = null;
}
