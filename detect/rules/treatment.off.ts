/**
 * Production runs while the treatment that belongs to it is switched off.
 *
 * Innocent look-alikes: production stopped as well, fans that start before or run on after production, a spare unit
 * of the same stage running instead, a meter that is silent (unknown is not off), a changeover of a few minutes.
 */
import type { Severity, Subject } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatMinutes, formatNumber, formatWhen, text } from '../findings/words.ts';
import type { LineSpan, MeterSpan } from './line-span.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const treatmentOff: RuleFacts = {
  id: 'treatment.off',
  version: 1,
  category: 'treatment',
  title: { zh: '生产开、治污停', en: 'Treatment off while production runs' },
  summary: {
    zh: '生产设施用电表明在生产，而对应治污设施未开启。',
    en: 'The production meters show work while a treatment unit that belongs to it is off.',
  },
  severities: ['high', 'critical'],
  basis: [
    {
      document: 'sub-metering practice of city platforms',
      clause: 'treatment not on within 5–15 minutes of production',
    },
    {
      document: 'project contract',
      clause: 'section 5: production ≥ on, treatment < on, at least 10 minutes of covered time',
    },
  ],
  parameters: [
    {
      name: 'durationMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time that it must last',
      source: 'project contract, section 5',
    },
    {
      name: 'criticalMs',
      unit: 'ms',
      default: 4 * HOUR_MS,
      minimum: MINUTE_MS,
      maximum: 365 * DAY_MS,
      help: 'from this length on the finding is critical',
      source: 'engineering judgement: half a shift is no changeover',
    },
  ],
  limits: [
    {
      zh: '治污设备空转（开机但不起作用）由 treatment.idle 判断，本规则看不到。',
      en: 'A unit that runs idle is on for this rule; that is the matter of treatment.idle.',
    },
    { zh: '电表缺数时为未知，不会判为停运。', en: 'A silent meter is unknown, never off.' },
    {
      zh: '电表接错线或登记的开机阈值不当会造成误判。',
      en: 'Swapped meters or a wrong threshold in the registry mislead it.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    return {
      zh: `自 ${formatWhen(evidence['since'])} 起，生产线 ${text(evidence['line'])} 在生产（平均 ${formatNumber(evidence['productionKw'])} kW），治污电表 ${text(evidence['device'])} 平均仅 ${formatNumber(evidence['treatmentKw'])} kW，低于开机阈值 ${formatNumber(evidence['onKw'])} kW，累计 ${span.zh}。该工序需 ${formatNumber(evidence['need'])} 台开启，实际 ${formatNumber(evidence['running'])} 台。`,
      en: `Since ${formatWhen(evidence['since'])} line ${text(evidence['line'])} worked (${formatNumber(evidence['productionKw'])} kW on average) while treatment meter ${text(evidence['device'])} drew only ${formatNumber(evidence['treatmentKw'])} kW, below its threshold of ${formatNumber(evidence['onKw'])} kW, for ${span.en}. Its stage needs ${formatNumber(evidence['need'])} on and had ${formatNumber(evidence['running'])}.`,
    };
  },
};

/** One treatment meter. Part of snapshots. */
export interface TreatmentState {
  since: number | null;
  lastEnd: number;
  coveredMs: number;
  productionKwh: number;
  treatmentKwh: number;
  open: { readonly detectedAt: number; need: number; running: number; onKw: number; readonly told: Told } | null;
}

export function initialTreatmentState(): TreatmentState {
  return { since: null, lastEnd: 0, coveredMs: 0, productionKwh: 0, treatmentKwh: 0, open: null };
}

/** What the span says of one meter's stage. */
interface StageView {
  readonly situation: 'violated' | 'kept' | 'unknown';
  readonly need: number;
  readonly running: number;
}

function stageOf(span: LineSpan, own: MeterSpan): StageView {
  const { stage } = own.meter;
  const stand = stage === undefined ? [own] : span.treatmentMeters.filter(({ meter }) => meter.stage === stage);
  const need = stage === undefined ? 1 : Math.max(...stand.map(({ meter }) => meter.need));
  const running = stand.filter((meter) => meter.running === 'on').length;
  const unknown = stand.filter((meter) => meter.running === 'unknown').length;
  const situation = running >= need ? 'kept' : running + unknown < need ? 'violated' : 'unknown';
  return { situation, need, running };
}

function severityOf(state: TreatmentState, context: RuleContext): Severity {
  return state.coveredMs >= context.parameter('criticalMs') ? 'critical' : 'high';
}

function emitTreatment(
  state: TreatmentState,
  at: { line: string; device: string; context: RuleContext; state: 'open' | 'closed' },
): void {
  const { open, since } = state;
  if (open === null || since === null) return;
  const hours = state.coveredMs / 3_600_000;
  const subject: Subject = { line: at.line, device: at.device };
  at.context.emit({
    rule: treatmentOff,
    subject,
    startAt: since,
    endAt: at.state === 'closed' ? state.lastEnd : null,
    state: at.state,
    detectedAt: open.detectedAt,
    severity: severityOf(state, at.context),
    confidence: 0.95,
    evidence: {
      line: at.line,
      device: at.device,
      since: at.context.time.format(since),
      minutes: state.coveredMs / MINUTE_MS,
      neededMinutes: at.context.parameter('durationMs') / MINUTE_MS,
      productionKw: state.productionKwh / hours,
      treatmentKw: state.treatmentKwh / hours,
      onKw: open.onKw,
      need: open.need,
      running: open.running,
    },
  });
}

/** A covered contrary input: production stopped, the unit on, or its stage satisfied by another. */
function end(state: TreatmentState, at: { line: string; device: string; context: RuleContext }): void {
  if (state.open !== null) emitTreatment(state, { ...at, state: 'closed' });
  Object.assign(state, initialTreatmentState());
}

function extend(state: TreatmentState, span: LineSpan, own: MeterSpan): void {
  const ms = span.end - span.start;
  const production = span.productionMeters.reduce((sum, meter) => sum + (meter.powerKw ?? 0), 0);
  state.since ??= span.start;
  state.coveredMs += ms;
  state.lastEnd = span.end;
  state.productionKwh += (production * ms) / 3_600_000;
  state.treatmentKwh += ((own.powerKw ?? 0) * ms) / 3_600_000;
}

/** One treatment meter over one span. Unknown neither extends nor ends. */
export function stepTreatment(state: TreatmentState, span: LineSpan, own: MeterSpan, context: RuleContext): void {
  const at = { line: span.line.id, device: own.meter.device.id, context };
  if (span.production === 'unknown') return;
  if (span.production === 'off' || own.running === 'on') {
    end(state, at);
    return;
  }
  const stage = stageOf(span, own);
  if (stage.situation === 'kept') {
    end(state, at);
    return;
  }
  if (stage.situation === 'unknown' || own.running === 'unknown') return;
  extend(state, span, own);
  const severity = severityOf(state, context);
  if (state.open === null) {
    if (state.coveredMs < context.parameter('durationMs')) return;
    const told = { ms: state.coveredMs, severity };
    state.open = { detectedAt: span.at, need: stage.need, running: stage.running, onKw: own.onKw ?? 0, told };
  } else if (!isWorthTelling(state.open.told, state.coveredMs, severity)) return;
  emitTreatment(state, { ...at, state: 'open' });
}
