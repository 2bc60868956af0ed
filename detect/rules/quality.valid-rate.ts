/**
 * Too few of a quarter's hours are valid: a monitor has to give at least 75 % of the hours in which the plant worked.
 *
 * Innocent look-alikes: hours in which the plant stood (its meters were off, or an accepted `stopped` mark) leave the
 * denominator; the first days of a quarter, in which one bad night would weigh too much; the time before the monitor
 * was first heard. Meters that say nothing do not show standstill.
 */
import type { Severity, Subject } from '../../contracts/finding.ts';
import type { Average } from '../../contracts/registry/registry.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import { formatNumber, formatWhen, signalZh, text } from '../findings/words.ts';
import { longEnd, longStart } from '../means/long-cell.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const validRate: RuleFacts = {
  id: 'quality.valid-rate',
  version: 1,
  category: 'quality',
  title: { zh: '季度有效数据捕集率不足', en: 'Quarterly valid capture rate too low' },
  summary: {
    zh: '本季度至今，生产小时中的有效小时不足 75%。',
    en: 'Fewer than 75 % of the hours of the quarter in which the plant worked are valid so far.',
  },
  severities: ['medium', 'high'],
  basis: [
    { document: 'HJ 75-2017', clause: 'valid capture rate of a quarter (季度有效数据捕集率) of at least 75 %' },
    { document: 'HJ 212-2017', clause: 'annex D: an hour needs 45 valid minutes' },
  ],
  parameters: [
    {
      name: 'rate',
      unit: '1',
      default: 0.75,
      minimum: 0.1,
      maximum: 1,
      help: 'valid hours as a share of counted hours, below which',
      source: 'HJ 75-2017: at least 75 % a quarter',
    },
    {
      name: 'minimumHours',
      unit: 'h',
      default: 240,
      minimum: 1,
      maximum: 2_208,
      help: 'counted hours from which on the running quarter is judged',
      source: 'engineering judgement: ten days; one bad night would weigh too much before',
    },
    {
      name: 'minimumQuarterHours',
      unit: 'h',
      default: 24,
      minimum: 1,
      maximum: 2_208,
      help: 'counted hours from which on a quarter that was seen wholly is judged at its end',
      source: 'engineering judgement: less than a day of work tells nothing about a monitor',
    },
  ],
  limits: [
    {
      zh: '首个季度只从首次收到数据起计算，与法定季度口径不同，证据中注明。',
      en: 'The first quarter counts from the first report on, which is not the legal quarter; the evidence says so.',
    },
    {
      zh: '没有电表也没有停运标记的停产时间会被当作生产时间。',
      en: 'Standstill without meters and without an accepted mark counts as work.',
    },
    {
      zh: '七天以前的小时不会因后来认可的停运标记而重新计算。',
      en: 'Hours of more than seven days ago are not counted anew for a stop that is accepted later.',
    },
    {
      zh: '仪器被更换时重新计算。',
      en: 'It begins anew where another monitor takes over.',
    },
  ],
  explain: (evidence) => {
    const percent = formatNumber(Number(evidence['rate']) * 100);
    const needed = formatNumber(Number(evidence['needed']) * 100);
    const counted = formatNumber(evidence['countedHours']);
    const valid = formatNumber(evidence['validHours']);
    const from = formatWhen(evidence['from']).slice(0, 10);
    const to = formatWhen(evidence['to']);
    const isPartial = evidence['isPartial'] === true;
    return {
      zh: `${text(evidence['quarter'])} 季度自 ${from} 至 ${to}，设备 ${text(evidence['device'])} 的${signalZh(evidence['signal'])}在 ${counted} 个生产小时中仅 ${valid} 个有效，捕集率 ${percent}%，低于 ${needed}%。已扣除停产 ${formatNumber(evidence['standstillHours'])} 小时、认可停运 ${formatNumber(evidence['stoppedHours'])} 小时。${isPartial ? '本季度自首次收到数据起计。' : ''}应核查仪器与传输。`,
      en: `In ${text(evidence['quarter'])}, from ${from} to ${to}, device ${text(evidence['device'])} gave ${valid} valid hours of ${text(evidence['signal'])} in ${counted} hours of work: ${percent} %, below ${needed} %. Left out: ${formatNumber(evidence['standstillHours'])} h of standstill, ${formatNumber(evidence['stoppedHours'])} h of accepted stops.${isPartial ? ' The quarter counts from the first report on.' : ''} Check the instrument and its link.`,
    };
  },
};

interface RateFinding {
  readonly detectedAt: number;
  /** How often it has opened in this quarter. */
  readonly time: number;
}

/** One signal of one device in the running quarter. Part of snapshots. */
export interface ValidRateState {
  readonly device: string;
  readonly quarterStart: number;
  readonly quarterEnd: number;
  /** First hour that was counted or left out. */
  readonly from: number;
  counted: number;
  valid: number;
  standstill: number;
  stopped: number;
  times: number;
  open: RateFinding | null;
}

/** One hour of a limited signal. */
export interface CaptureHour {
  readonly device: string;
  readonly signal: string;
  readonly start: number;
  readonly end: number;
  readonly isValid: boolean;
  /** Known to stand by its meters or its O2. */
  readonly isStandstill: boolean;
  /** Under a `stopped` mark that is accepted. */
  readonly isStopped: boolean;
  readonly isDayEnd: boolean;
}

const LOW_RATE = 0.5;

const QUARTER: Average = { text: 'P3M', ms: 0, months: 3 };

/** The first hour that is counted of a calendar quarter. */
function begin(hour: CaptureHour, time: LocalTime): ValidRateState {
  const quarterStart = longStart(time, QUARTER, hour.start);
  return {
    device: hour.device,
    quarterStart,
    quarterEnd: longEnd(time, QUARTER, quarterStart),
    from: hour.start,
    counted: 0,
    valid: 0,
    standstill: 0,
    stopped: 0,
    times: 0,
    open: null,
  };
}

/** `2026-Q4` of a quarter that begins at this local instant. */
function quarterName(start: string): string {
  return `${start.slice(0, 4)}-Q${String(Math.floor((Number(start.slice(5, 7)) - 1) / 3) + 1)}`;
}

function emitRate(
  state: ValidRateState,
  at: { readonly signal: string; readonly end: number; readonly isOpen: boolean; readonly context: RuleContext },
): void {
  const { open, counted, valid, quarterStart } = state;
  if (open === null) return;
  const { context, signal, end } = at;
  const rate = counted === 0 ? 1 : valid / counted;
  const severity: Severity = rate < LOW_RATE ? 'high' : 'medium';
  const subject: Subject = { device: state.device, signal };
  const start = context.time.format(quarterStart);
  context.emit({
    rule: validRate,
    subject,
    startAt: quarterStart,
    endAt: at.isOpen ? null : end,
    state: at.isOpen ? 'open' : 'closed',
    detectedAt: open.detectedAt,
    severity,
    confidence: 1,
    ...(open.time > 1 ? { discriminator: `time ${String(open.time)}` } : {}),
    evidence: {
      device: state.device,
      signal,
      quarter: quarterName(start),
      from: context.time.format(state.from),
      to: context.time.format(end),
      isPartial: state.from > quarterStart,
      countedHours: counted,
      validHours: valid,
      standstillHours: state.standstill,
      stoppedHours: state.stopped,
      rate,
      needed: context.parameter('rate'),
    },
  });
}

function count(state: ValidRateState, hour: CaptureHour): void {
  if (hour.isStandstill) state.standstill += 1;
  else if (hour.isStopped) state.stopped += 1;
  else {
    state.counted += 1;
    if (hour.isValid) state.valid += 1;
  }
}

/** The rate to date at a day's end; at the quarter's end it is what the law asks for. */
function judgeRate(state: ValidRateState, hour: CaptureHour, context: RuleContext): void {
  const isQuarterEnd = hour.end >= state.quarterEnd;
  const isWhole = state.from <= state.quarterStart;
  const name = isQuarterEnd && isWhole ? 'minimumQuarterHours' : 'minimumHours';
  const isLow = state.valid < context.parameter('rate') * state.counted;
  const at = { signal: hour.signal, end: hour.end, context };
  if (isLow && state.open === null && state.counted >= context.parameter(name)) {
    state.times += 1;
    state.open = { detectedAt: hour.end, time: state.times };
  }
  if (state.open === null) return;
  emitRate(state, { ...at, isOpen: isLow && !isQuarterEnd });
  if (!isLow || isQuarterEnd) state.open = null;
}

/**
 * The next hour of a signal.
 * @returns the state from here on; null once the quarter is over
 */
export function stepValidRate(
  before: ValidRateState | null,
  hour: CaptureHour,
  context: RuleContext,
): ValidRateState | null {
  const isSame = before !== null && before.device === hour.device && hour.start < before.quarterEnd;
  if (before !== null && !isSame)
    emitRate(before, { signal: hour.signal, end: Math.min(hour.start, before.quarterEnd), isOpen: false, context });
  const state = isSame ? before : begin(hour, context.time);
  count(state, hour);
  if (hour.isDayEnd) judgeRate(state, hour, context);
  return hour.end >= state.quarterEnd ? null : state;
}
