/**
 * A treatment unit is on while production runs, but draws less than half of what it normally draws at this load: it
 * idles, runs slowly, or a part of it is switched off.
 *
 * Innocent look-alikes: production at a lower load (each load has its own normal), a fan on an inverter, a spare unit
 * that runs instead or shares the work (the units of a stage that are on are judged together), a unit that often works
 * in turns of high and low, a silent meter, the first days of a plant.
 */
import type { Severity } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatMinutes, formatNumber, formatWhen, text } from '../findings/words.ts';
import type { LineSpan } from './line-span.ts';
import type { RuleContext, RuleFacts } from './rule.ts';
import {
  expectedDraw,
  initialNormalDraw,
  isLearned,
  learnDraw,
  shareOfTimeBelow,
  type Expected,
  type NormalDraw,
} from './treatment-normal.ts';
import { situationOf, type StageSpan } from './treatment-stage.ts';

export const treatmentIdle: RuleFacts = {
  id: 'treatment.idle',
  version: 1,
  category: 'treatment',
  title: { zh: '治污设施空转或降频', en: 'Treatment idles while production runs' },
  summary: {
    zh: '治污设施虽已开启，但用电远低于同等生产负荷下的平时水平。',
    en: 'A treatment unit is on, but draws far less than it normally does at this production load.',
  },
  severities: ['medium', 'high'],
  basis: [
    {
      document: 'sub-metering practice of city platforms',
      clause:
        'treatment under-run: idling, slow running, lowered frequency; 50–70 % of normal at that load for 30 minutes',
    },
    { document: 'project contract', clause: 'section 5: treatment.idle, subject line and treatment meter' },
  ],
  parameters: [
    {
      name: 'idlePercent',
      unit: '%',
      default: 50,
      minimum: 10,
      maximum: 90,
      help: 'share of the normal draw at this load below which it idles',
      source: 'detection catalogue P12: ratio below half of its 30-day median',
    },
    {
      name: 'backPercent',
      unit: '%',
      default: 60,
      minimum: 10,
      maximum: 100,
      help: 'share of the normal draw from which it is back; in between a finding neither grows nor ends',
      source: 'engineering judgement: the ripple of a fan around the threshold is no end',
    },
    {
      name: 'durationMs',
      unit: 'ms',
      default: 30 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time that it must last',
      source: 'detection catalogue P12: for 30 minutes',
    },
    {
      name: 'rarePercent',
      unit: '%',
      default: 3,
      minimum: 0,
      maximum: 50,
      help: 'a draw that was as low for more of the learned time than this is usual here',
      source:
        'engineering judgement: a unit that works in turns is low for much of its time, one that idles for profit was not',
    },
    {
      name: 'settleMs',
      unit: 'ms',
      default: 7 * DAY_MS,
      minimum: DAY_MS,
      maximum: 90 * DAY_MS,
      help: 'covered time after which an open finding is learned as the new normal, slowly',
      source: 'engineering judgement: a week is seen by an officer; a smaller motor stays',
    },
  ],
  limits: [
    {
      zh: '头几天（至少 12 小时共同运行、该负荷 3 小时）尚无平时水平，不作判断；一开始就空转的看不到。',
      en: 'Nothing is judged until the normal draw is learned (12 hours of joint running, 3 at the load); what idled from the first day on is taken for normal.',
    },
    {
      zh: '治污设施同时服务多条生产线时，负荷只算本线，可能误判。',
      en: 'Of a unit that serves several lines the load of this line alone is seen, which may mislead.',
    },
    {
      zh: '用电正常但不加药剂、滤袋破损等看不到。',
      en: 'Power says nothing of reagent that is not dosed or bags that are torn.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    return {
      zh: `自 ${formatWhen(evidence['since'])} 起，生产线 ${text(evidence['line'])} 在生产（平均 ${formatNumber(evidence['productionKw'])} kW），治污电表 ${text(evidence['units'])} 虽已开启，平均仅 ${formatNumber(evidence['treatmentKw'])} kW，为同等负荷下平时 ${formatNumber(evidence['normalKw'])} kW 的 ${formatNumber(evidence['percentOfNormal'])}%（阈值 ${formatNumber(evidence['idlePercent'])}%），累计 ${span.zh}，疑似空转、降频或部分停用。`,
      en: `Since ${formatWhen(evidence['since'])} line ${text(evidence['line'])} worked (${formatNumber(evidence['productionKw'])} kW on average) while treatment ${text(evidence['units'])} was on but drew ${formatNumber(evidence['treatmentKw'])} kW, ${formatNumber(evidence['percentOfNormal'])} % of the ${formatNumber(evidence['normalKw'])} kW that are normal at this load (threshold ${formatNumber(evidence['idlePercent'])} %), for ${span.en}.`,
    };
  },
};

/** One stage of treatment, or one meter without a stage. Part of snapshots. */
export interface IdleState {
  /** By the units that are on. */
  normal: Record<string, NormalDraw>;
  run: {
    readonly start: number;
    readonly device: string;
    readonly units: string;
    end: number;
    ms: number;
    drawKwMs: number;
    normalKwMs: number;
    loadKwMs: number;
  } | null;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

export function initialIdleState(): IdleState {
  return { normal: {}, run: null, open: null };
}

/**
 * The normal of exactly these units; of a combination that was never learned, that of units among them: with more of
 * them on, less is not expected.
 */
function expectedOf(state: IdleState, { units, loadKw }: StageSpan): Expected | undefined {
  const own = state.normal[units];
  if (own !== undefined && isLearned(own)) return expectedDraw(own, loadKw);
  const on = units.split(', ');
  let least: Expected | undefined;
  for (const [names, normal] of Object.entries(state.normal)) {
    if (!names.split(', ').every((name) => on.includes(name))) continue;
    const expected = expectedDraw(normal, loadKw);
    if (expected !== undefined && (least === undefined || expected.kW < least.kW)) least = expected;
  }
  return least;
}

function severityOf(state: IdleState): Severity {
  const { run } = state;
  return run !== null && run.ms >= 4 * HOUR_MS ? 'high' : 'medium';
}

interface At {
  readonly span: LineSpan;
  readonly context: RuleContext;
}

function emit(state: IdleState, { span, context }: At, phase: 'open' | 'closed'): void {
  const { run, open } = state;
  if (run === null || open === null) return;
  context.emit({
    rule: treatmentIdle,
    subject: { line: span.line.id, device: run.device },
    startAt: run.start,
    endAt: phase === 'closed' ? run.end : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: severityOf(state),
    confidence: 0.75,
    evidence: {
      line: span.line.id,
      device: run.device,
      units: run.units,
      since: context.time.format(run.start),
      minutes: run.ms / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
      productionKw: run.loadKwMs / run.ms,
      treatmentKw: run.drawKwMs / run.ms,
      normalKw: run.normalKwMs / run.ms,
      percentOfNormal: (100 * run.drawKwMs) / run.normalKwMs,
      idlePercent: context.parameter('idlePercent'),
    },
  });
}

function end(state: IdleState, at: At): void {
  if (state.open !== null) emit(state, at, 'closed');
  state.run = null;
  state.open = null;
}

function learn(state: IdleState, stage: StageSpan, { span, context }: At): void {
  const normal = (state.normal[stage.units] ??= initialNormalDraw());
  learnDraw(normal, stage.loadKw, stage.drawKw, {
    ms: span.end - span.start,
    day: context.time.dayStart(span.start),
  });
}

function extend(state: IdleState, stage: StageSpan, expected: Expected, at: At): void {
  const { span, context } = at;
  const ms = span.end - span.start;
  const run = (state.run ??= {
    start: span.start,
    device: stage.weakest.meter.device.id,
    units: stage.units,
    end: span.end,
    ms: 0,
    drawKwMs: 0,
    normalKwMs: 0,
    loadKwMs: 0,
  });
  run.end = span.end;
  run.ms += ms;
  run.drawKwMs += stage.drawKw * ms;
  run.normalKwMs += expected.kW * ms;
  run.loadKwMs += stage.loadKw * ms;
  // What has gone on for so long is how the plant works now.
  if (run.ms > context.parameter('settleMs')) learn(state, stage, at);
  const severity = severityOf(state);
  if (state.open === null) {
    if (run.ms < context.parameter('durationMs')) return;
    state.open = { detectedAt: span.at, told: { ms: run.ms, severity } };
  } else if (!isWorthTelling(state.open.told, run.ms, severity)) return;
  emit(state, at, 'open');
}

/**
 * One span of a line for one stage of its treatment. Unknown neither extends nor ends.
 * @param members places of the stage's meters among the treatment meters of the line
 */
export function stepIdle(state: IdleState, span: LineSpan, members: readonly number[], context: RuleContext): void {
  const at = { span, context };
  const situation = situationOf(span, members);
  if (situation === 'unknown') return;
  if (situation === 'stopped') {
    if (state.run !== null) end(state, at);
    return;
  }
  const expected = expectedOf(state, situation);
  if (expected === undefined) {
    // Nothing to compare with: whatever ran on before is not this.
    if (state.run !== null) end(state, at);
    learn(state, situation, at);
    return;
  }
  const idleKw = (expected.kW * context.parameter('idlePercent')) / 100;
  const isLow = situation.drawKw < idleKw;
  // A draw as low as this that was there for more of the time is how this unit works.
  if (isLow && 100 * shareOfTimeBelow(expected, idleKw) < context.parameter('rarePercent')) {
    extend(state, situation, expected, at);
    return;
  }
  if (state.run !== null) {
    if (!isLow && situation.drawKw < (expected.kW * context.parameter('backPercent')) / 100) return;
    end(state, at);
  }
  learn(state, situation, at);
}
