/**
 * Four or more hours of a local day of a stack monitor are invalid or missing while the plant is not known to stand.
 *
 * Innocent look-alikes: a plant that stands (meters off, or an accepted `stopped` mark), the hours before the first
 * report ever. A maintenance mark makes hours invalid, and that is what this counts.
 */
import { formatNumber, formatWhen, list, text } from '../findings/words.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const invalidHours: RuleFacts = {
  id: 'quality.invalid-hours',
  version: 1,
  category: 'quality',
  title: { zh: '无效小时过多', en: 'Too many invalid hours in a day' },
  summary: {
    zh: '自然日内有 4 个及以上小时数据无效或缺失，且不能确认停运。',
    en: 'At least four hours of a local day are invalid or missing while the plant is not known to stand.',
  },
  severities: ['low', 'medium'],
  basis: [
    { document: 'HJ 212-2017', clause: 'annex D: a day needs at least 20 valid hours' },
    { document: 'project contract', clause: 'section 5: ≥ 4 hours of a local day' },
  ],
  parameters: [
    {
      name: 'hours',
      unit: 'h',
      default: 4,
      minimum: 1,
      maximum: 24,
      help: 'invalid hours from which on',
      source: 'project contract, section 5; 24 h less the 20 valid hours a day needs',
    },
  ],
  limits: [
    {
      zh: '断电停产但未装电表的企业也会触发。',
      en: 'A plant without meters that stands without a mark triggers it too.',
    },
  ],
  explain: (evidence) => ({
    zh: `${formatWhen(evidence['day']).slice(0, 10)} 设备 ${text(evidence['device'])} 有 ${formatNumber(evidence['count'])} 个小时数据无效或缺失（${list(
      evidence['hours'],
    )
      .map((hour) => formatWhen(hour['start']).slice(11))
      .join('、')}），当日日均值可能无法判定。应核查仪器与传输。`,
    en: `On ${formatWhen(evidence['day']).slice(0, 10)} device ${text(evidence['device'])} had ${formatNumber(evidence['count'])} invalid or missing hours (${list(
      evidence['hours'],
    )
      .map((hour) => formatWhen(hour['start']).slice(11))
      .join(', ')}), so the day may not be judged. Check the instrument and its link.`,
  }),
};

/** One device on one local day. Part of snapshots. */
export interface InvalidDayState {
  readonly device: string;
  readonly day: number;
  hours: {
    readonly start: number;
    readonly signals: readonly string[];
    readonly valid: number;
    readonly expected: number;
  }[];
  detectedAt: number | null;
}

/** An hour of the outlet's device. */
export interface HourValidity {
  readonly device: string;
  readonly start: number;
  readonly end: number;
  readonly day: number;
  /** Watched signals without a valid hour; empty = valid. */
  readonly invalid: readonly { readonly signal: string; readonly valid: number; readonly expected: number }[];
  readonly watched: number;
  readonly knownStopped: boolean;
}

function emitDay(state: InvalidDayState, context: RuleContext, end: number | null, watched: number): void {
  if (state.detectedAt === null) return;
  const signals = [...new Set(state.hours.flatMap((hour) => hour.signals))];
  const single = signals.length === 1 && watched > 1 ? signals[0] : undefined;
  context.emit({
    rule: invalidHours,
    subject: single === undefined ? { device: state.device } : { device: state.device, signal: single },
    startAt: state.day,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: state.detectedAt,
    severity: state.hours.length >= 12 ? 'medium' : 'low',
    confidence: 1,
    evidence: {
      device: state.device,
      day: context.time.format(state.day),
      count: state.hours.length,
      needed: context.parameter('hours'),
      signals,
      hours: state.hours.map((hour) => ({
        start: context.time.format(hour.start),
        signals: hour.signals,
        valid: hour.valid,
        expected: hour.expected,
      })),
    },
  });
}

/** The hour of a device; the day closes with its last hour. */
export function stepInvalidHours(
  before: InvalidDayState | null,
  hour: HourValidity,
  context: RuleContext,
): InvalidDayState {
  const sameDay = before !== null && before.day === hour.day && before.device === hour.device;
  if (before !== null && !sameDay) endInvalidDay(before, context, hour.watched);
  const state: InvalidDayState = sameDay ? before : { device: hour.device, day: hour.day, hours: [], detectedAt: null };
  if (hour.invalid.length === 0 || hour.knownStopped) return state;
  const first = hour.invalid[0];
  state.hours.push({
    start: hour.start,
    signals: hour.invalid.map(({ signal }) => signal),
    valid: first?.valid ?? 0,
    expected: first?.expected ?? 60,
  });
  if (state.hours.length < context.parameter('hours')) return state;
  state.detectedAt ??= hour.end;
  emitDay(state, context, null, hour.watched);
  return state;
}

/** The day is over: what was found spans it. */
export function endInvalidDay(state: InvalidDayState, context: RuleContext, watched: number): void {
  emitDay(state, context, context.time.dayEnd(state.day), watched);
}
