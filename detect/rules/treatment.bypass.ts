/**
 * The damper around the treatment (bypass 旁路) is open while production runs: raw gas leaves past the treatment.
 *
 * Innocent look-alikes: a damper whose zero reads 1 to 3 %, a test of a few minutes, an open damper while production
 * stands, a silent line or damper (unknown neither extends nor ends). An opening in a declared start-up, shut-down or
 * fault is told as info.
 */
import type { Severity } from '../../contracts/finding.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatMinutes, formatNumber, formatWhen, text } from '../findings/words.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const treatmentBypass: RuleFacts = {
  id: 'treatment.bypass',
  version: 1,
  category: 'treatment',
  title: { zh: '生产时旁路开启', en: 'Bypass open while production runs' },
  summary: {
    zh: '生产设施在生产，而治污设施的旁路挡板开启，烟气未经处理排放。',
    en: 'The damper around the treatment is open while the line works.',
  },
  severities: ['info', 'high', 'critical'],
  basis: [
    { document: '大气污染防治法', clause: '第二十条：禁止以逃避监管的方式排放大气污染物（旁路偷排）' },
    { document: 'project contract', clause: 'section 1: signal bypass, % opening of the damper' },
  ],
  parameters: [
    {
      name: 'openPercent',
      unit: '%',
      default: 5,
      minimum: 0.5,
      maximum: 100,
      help: 'opening from which the damper counts as open',
      source: 'engineering judgement: closed dampers read 1 to 3 % with a zero that is off',
    },
    {
      name: 'durationMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time that it must last',
      source: 'engineering judgement: as long as for treatment.off; a test of the damper takes a few minutes',
    },
    {
      name: 'criticalMs',
      unit: 'ms',
      default: 4 * 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: 365 * DAY_MS,
      help: 'from this length on the finding is critical',
      source: 'engineering judgement: as for treatment.off, half a shift is no mishap',
    },
  ],
  limits: [
    {
      zh: '只能看到上传开度信号的旁路；暗设旁路看不到。',
      en: 'It sees dampers that report their opening; a hidden bypass it does not see.',
    },
    {
      zh: '开度信号零点漂移超过阈值时会误判；泄漏而开度为零时看不到。',
      en: 'A zero that has drifted beyond the threshold misleads it; a damper that leaks while it reads zero is not seen.',
    },
    {
      zh: '没有生产电表的生产线按同一监测仪的含氧量判断是否在生产。',
      en: 'Of a line without production meters the oxygen of the same instrument tells whether it works.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    const mark = evidence['mark'];
    const zhMark =
      mark === undefined ? '' : `其中 ${formatMinutes(evidence['markedMinutes']).zh}处于申报的 ${text(mark)} 状态。`;
    const enMark =
      mark === undefined
        ? ''
        : ` ${formatMinutes(evidence['markedMinutes']).en} of it lie in a declared state (${text(mark)}).`;
    return {
      zh: `自 ${formatWhen(evidence['since'])} 起，生产线 ${text(evidence['line'])} 在生产时，${text(evidence['device'])} 上报的旁路开度平均 ${formatNumber(evidence['meanPercent'])}%，最高 ${formatNumber(evidence['maximumPercent'])}%（判定阈值 ${formatNumber(evidence['openPercent'])}%），累计 ${span.zh}。${zhMark}`,
      en: `Since ${formatWhen(evidence['since'])}, while line ${text(evidence['line'])} worked, the bypass that ${text(evidence['device'])} reports was open by ${formatNumber(evidence['meanPercent'])} % on average and ${formatNumber(evidence['maximumPercent'])} % at most (open from ${formatNumber(evidence['openPercent'])} %), for ${span.en}.${enMark}`,
    };
  },
};

/** A span of the damper beside the line's word. */
export interface BypassSpan {
  readonly line: string;
  readonly device: string;
  readonly start: number;
  readonly end: number;
  /** % */
  readonly opening: number;
  readonly production: 'on' | 'off' | 'unknown';
  /** A start-up, shut-down or fault that was declared in time. */
  readonly mark: string | undefined;
  readonly at: number;
}

/** One damper and one line. Part of snapshots. */
export interface BypassState {
  /** Spans that wait for the line's meters: `[start, end, opening, production by O2: 1 on, 0 off, -1 unknown]`. */
  waiting: [number, number, number, number][];
  run: {
    readonly start: number;
    end: number;
    ms: number;
    percentMs: number;
    maximum: number;
    markedMs: number;
    mark: string | null;
  } | null;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

export function initialBypassState(): BypassState {
  return { waiting: [], run: null, open: null };
}

type Run = NonNullable<BypassState['run']>;

/** A marked opening is info; once enough of it lies outside marks it is what it is. */
function severityOf(run: Run, context: RuleContext): Severity {
  const unmarkedMs = run.ms - run.markedMs;
  if (unmarkedMs < context.parameter('durationMs')) return 'info';
  return unmarkedMs >= context.parameter('criticalMs') ? 'critical' : 'high';
}

function emit(state: BypassState, span: BypassSpan, context: RuleContext, phase: 'open' | 'closed'): void {
  const { run, open } = state;
  if (run === null || open === null) return;
  context.emit({
    rule: treatmentBypass,
    subject: { line: span.line, device: span.device },
    startAt: run.start,
    endAt: phase === 'closed' ? run.end : null,
    state: phase,
    detectedAt: open.detectedAt,
    severity: severityOf(run, context),
    confidence: 0.9,
    evidence: {
      line: span.line,
      device: span.device,
      since: context.time.format(run.start),
      minutes: run.ms / MINUTE_MS,
      neededMinutes: context.parameter('durationMs') / MINUTE_MS,
      meanPercent: run.percentMs / run.ms,
      maximumPercent: run.maximum,
      openPercent: context.parameter('openPercent'),
      ...(run.mark === null ? {} : { mark: run.mark, markedMinutes: run.markedMs / MINUTE_MS }),
    },
  });
}

function end(state: BypassState, span: BypassSpan, context: RuleContext): void {
  if (state.open !== null) emit(state, span, context, 'closed');
  state.run = null;
  state.open = null;
}

function extend(state: BypassState, span: BypassSpan): Run {
  const ms = span.end - span.start;
  const run = (state.run ??= {
    start: span.start,
    end: span.end,
    ms: 0,
    percentMs: 0,
    maximum: span.opening,
    markedMs: 0,
    mark: null,
  });
  run.end = span.end;
  run.ms += ms;
  run.percentMs += span.opening * ms;
  run.maximum = Math.max(run.maximum, span.opening);
  if (span.mark !== undefined) {
    run.markedMs += ms;
    run.mark = span.mark;
  }
  return run;
}

/** Whether a span says nothing new: the damper is closed, and it was before. */
export function isQuiet(state: BypassState, opening: number, context: RuleContext): boolean {
  return state.run === null && state.waiting.length === 0 && opening < context.parameter('openPercent');
}

/** One span of the damper with the line's word on it. */
export function stepBypass(state: BypassState, span: BypassSpan, context: RuleContext): void {
  if (span.opening < context.parameter('openPercent') || span.production === 'off') {
    end(state, span, context);
    return;
  }
  if (span.production === 'unknown') return;
  const run = extend(state, span);
  const severity = severityOf(run, context);
  if (state.open === null) {
    if (run.ms < context.parameter('durationMs')) return;
    state.open = { detectedAt: span.at, told: { ms: run.ms, severity } };
  } else if (!isWorthTelling(state.open.told, run.ms, severity)) return;
  emit(state, span, context, 'open');
}
