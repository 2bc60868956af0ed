/**
 * At the pace of the last weeks the cap of a month or year will be passed before its period ends.
 *
 * Judged at the end of each local day: total to date + days left × mean daily mass of the last 30 days of the period.
 *
 * Innocent look-alikes: the first week of a period (too few days to know a pace), a day with many unknown hours (not
 * taken for the pace), a pace that wavers around the cap (a margin to close), a planned stop later in the year, which
 * nobody has told the system of: that one it cannot know.
 */
import type { BilingualText, Severity } from '../../contracts/finding.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { daysBetween, paceOf, type DailyMass } from '../means/daily-mass.ts';
import { passes, totalKg } from '../means/emission-total.ts';
import { formatNumber, formatShare, formatWhen, part } from '../findings/words.ts';
import { capEvidence, capWords, restsOn, signalWords, type CapStep } from './cap-words.ts';
import type { Evidence, RuleContext, RuleFacts } from './rule.ts';

const OUTCOMES: Readonly<Record<string, BilingualText>> = {
  'fell-back': {
    zh: '其后按新的排放速度预计不再超过。',
    en: ' Since then the pace has fallen: it is no longer expected.',
  },
  passed: { zh: '其后已实际超过。', en: ' Since then it was passed.' },
  'period-ended': { zh: '周期结束时未超过。', en: ' The period ended without it.' },
  'cap-ended': { zh: '该指标已从登记中删除。', en: ' The cap was struck out of the registry.' },
};

function explain(evidence: Evidence): BilingualText {
  const period = part(evidence['period']);
  const cap = capWords(evidence);
  const signal = signalWords(evidence);
  const rests = restsOn(evidence);
  const outcome = OUTCOMES[String(evidence['outcome'])] ?? { zh: '', en: '' };
  const tonnes = formatNumber(evidence['tonnes']);
  const daily = formatNumber(evidence['dailyTonnes']);
  const projected = formatNumber(evidence['projectedTonnes']);
  const expected = formatWhen(evidence['expectedAt']).slice(0, 10);
  const days = formatNumber(evidence['daysSeen']);
  const judged = formatWhen(evidence['judgedAt']);
  return {
    zh: `截至 ${judged}，自 ${formatWhen(period['start'])} 起${signal.zh}累计排放 ${tonnes} 吨，近 ${days} 个有效日平均每日 ${daily} 吨，预计周期末达 ${projected} 吨，超过${cap.zh}，约在 ${expected} 超过。${rests.zh}${outcome.zh}`,
    en: `By ${judged} ${tonnes} t of ${signal.en} were emitted since ${formatWhen(period['start'])}, lately ${daily} t a day (mean of ${days} days): ${projected} t by the end of the period, above ${cap.en}, to be passed about ${expected}. ${rests.en}${outcome.en}`,
  };
}

export const limitTotalForecast: RuleFacts = {
  id: 'limit.total-forecast',
  version: 1,
  category: 'exceedance',
  title: { zh: '排放总量预计超标', en: 'The cap will be passed at this pace' },
  summary: {
    zh: '按近期日均排放量推算，周期结束前排放总量将超过总量控制指标。',
    en: 'At the daily mass of the last weeks the cap will be passed before its period ends.',
  },
  severities: ['low', 'medium'],
  basis: [
    { document: 'engineering judgement', clause: 'extrapolation of the mean daily mass of the last 30 days' },
    { document: 'permit (registry)', clause: 'the cap in force, quoted in the evidence' },
  ],
  parameters: [
    {
      name: 'windowDays',
      unit: 'd',
      default: 30,
      minimum: 7,
      maximum: 31,
      help: 'days of the period up to now that the pace is taken from',
      source: 'engineering judgement: four weekends, and short enough to follow the season',
    },
    {
      name: 'fewestDays',
      unit: 'd',
      default: 7,
      minimum: 1,
      maximum: 31,
      help: 'days seen in that window before anything is foretold',
      source: 'engineering judgement: a whole week, so that a weekend is in it',
    },
    {
      name: 'dayHours',
      unit: 'h',
      default: 20,
      minimum: 1,
      maximum: 24,
      help: 'hours of a day whose mass is known, for the day to be seen',
      source: 'HJ 212-2017 D.2.2: a day has 20 valid hours',
    },
    {
      name: 'marginPercent',
      unit: '%',
      default: 2,
      minimum: 0,
      maximum: 50,
      help: 'closed once the projection is this far below the cap',
      source: 'engineering judgement: less is the wavering of single days',
    },
    {
      name: 'soonMs',
      unit: 'ms',
      default: 30 * DAY_MS,
      minimum: DAY_MS,
      maximum: 366 * DAY_MS,
      help: 'medium instead of low once the cap is expected to be passed within this time',
      source: 'engineering judgement: time enough to plan less production or a repair',
    },
    {
      name: 'growthPercent',
      unit: '%',
      default: 5,
      minimum: 0.01,
      maximum: 100,
      help: 'told again when the projection has moved by this share of the cap',
      source: 'engineering judgement: less is the wavering of single days',
    },
  ],
  limits: [
    {
      zh: '按近期速度外推：不知道以后的停产、检修或增产计划。',
      en: 'It draws the present pace on: planned stops, repairs or more production later are unknown to it.',
    },
    {
      zh: '未知小时未计入，推算值偏低。',
      en: 'Unknown hours are not in it: the projection is rather too low.',
    },
    {
      zh: '周期开始不足 7 个有效日，或周期短于一周的指标，不作预测。',
      en: 'Nothing is foretold in the first seven days of a period, nor for caps over a week or less.',
    },
  ],
  explain,
};

/** What a day's end showed. */
interface Outlook {
  readonly judgedAt: number;
  readonly daysSeen: number;
  readonly dailyKg: number;
  readonly projectedKg: number;
  /** When the cap is passed at this pace. */
  readonly expectedAt: number;
}

/** Of one period of a cap. Part of snapshots. */
export interface ForecastState {
  open: {
    readonly start: number;
    readonly detectedAt: number;
    severity: Severity;
    toldKg: number;
    outlook: Outlook;
  } | null;
  /** End of the last one that fell back: where the next one of the period starts. */
  lastEnd: number | null;
}

export function initialForecastState(): ForecastState {
  return { open: null, lastEnd: null };
}

type Outcome = 'fell-back' | 'passed' | 'period-ended' | 'cap-ended';

/** The further the period is seen, the surer. Bounds: nothing drawn on is certain, nor is it nothing. */
function confidenceOf(step: CapStep, outlook: Outlook): number {
  return formatShare(Math.min(0.95, Math.max(0.3, totalKg(step.total) / outlook.projectedKg)));
}

function emitForecast(
  state: ForecastState,
  step: CapStep,
  context: RuleContext,
  end: { readonly at: number; readonly outcome: Outcome } | null,
): void {
  const { open } = state;
  if (open === null) return;
  const { outlook } = open;
  const { time } = context;
  context.emit({
    rule: limitTotalForecast,
    subject: step.subject,
    startAt: open.start,
    endAt: end === null ? null : end.at,
    state: end === null ? 'open' : 'closed',
    detectedAt: open.detectedAt,
    severity: open.severity,
    confidence: confidenceOf(step, outlook),
    discriminator: step.cap.per,
    evidence: {
      ...capEvidence(step, context),
      judgedAt: time.format(outlook.judgedAt),
      daysSeen: outlook.daysSeen,
      dailyTonnes: outlook.dailyKg / 1_000,
      projectedTonnes: outlook.projectedKg / 1_000,
      expectedAt: time.format(time.dayStart(outlook.expectedAt)),
      ...(end === null ? {} : { outcome: end.outcome }),
    },
  });
}

/** Closes what stands open. */
export function endForecast(state: ForecastState, step: CapStep, context: RuleContext, outcome: Outcome): void {
  if (state.open === null) return;
  const at = Math.min(step.at, step.total.end);
  emitForecast(state, step, context, { at, outcome });
  state.open = null;
  state.lastEnd = at;
}

/** What the end of a day shows; undefined while too few days are seen to know a pace. */
function look(step: CapStep, days: readonly DailyMass[], context: RuleContext): Outlook | undefined {
  const { total, at, cap } = step;
  const from = Math.max(total.start, at - context.parameter('windowDays') * DAY_MS);
  const pace = paceOf(days, { from, to: at }, context.parameter('dayHours'));
  if (pace.days < context.parameter('fewestDays')) return undefined;
  const kg = totalKg(total);
  const leftKg = cap.tonnes * 1_000 - kg;
  return {
    judgedAt: at,
    daysSeen: pace.days,
    dailyKg: pace.dailyKg,
    projectedKg: kg + pace.dailyKg * daysBetween(at, total.end),
    expectedAt: pace.dailyKg > 0 ? Math.round(at + (leftKg / pace.dailyKg) * DAY_MS) : total.end,
  };
}

/** The projection passes the cap: opened, or told again where it has changed. */
function expectPassing(state: ForecastState, step: CapStep, outlook: Outlook, context: RuleContext): void {
  const severity = outlook.expectedAt - step.at <= context.parameter('soonMs') ? 'medium' : 'low';
  const { open } = state;
  if (open === null) {
    const start = state.lastEnd ?? step.total.start;
    state.open = { start, detectedAt: step.at, severity, toldKg: outlook.projectedKg, outlook };
  } else {
    open.outlook = outlook;
    const growthKg = context.parameter('growthPercent') * 10 * step.cap.tonnes;
    if (severity === open.severity && Math.abs(outlook.projectedKg - open.toldKg) < growthKg) return;
    open.severity = severity;
    open.toldKg = outlook.projectedKg;
  }
  emitForecast(state, step, context, null);
}

/**
 * The total of a period after an hour.
 * @param at.hasPassed the total has passed the cap: there is nothing left to foretell
 */
export function stepForecast(
  state: ForecastState,
  step: CapStep,
  at: { readonly days: readonly DailyMass[]; readonly hasPassed: boolean },
  context: RuleContext,
): void {
  if (at.hasPassed || step.at >= step.total.end) {
    endForecast(state, step, context, at.hasPassed ? 'passed' : 'period-ended');
    return;
  }
  if (!step.isDayEnd) return;
  const outlook = look(step, at.days, context);
  if (outlook === undefined) return;
  if (passes(outlook.projectedKg, step.cap.tonnes)) expectPassing(state, step, outlook, context);
  else if (outlook.projectedKg <= step.cap.tonnes * (1_000 - 10 * context.parameter('marginPercent')))
    endForecast(state, step, context, 'fell-back');
}
