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
  /** When the hours were enough, and the one signal that had failed by then, where it was one of several. */
  found: { readonly detectedAt: number; readonly signal: string | null } | null;
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

const LONG_HOURS = 12;

function emitDay(state: InvalidDayState, context: RuleContext, end: number | null): void {
  const { found, device, day, hours } = state;
  if (found === null) return;
  context.emit({
    rule: invalidHours,
    subject: found.signal === null ? { device } : { device, signal: found.signal },
    startAt: day,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: found.detectedAt,
    severity: hours.length >= LONG_HOURS ? 'medium' : 'low',
    confidence: 1,
    evidence: {
      device,
      day: context.time.format(day),
      count: hours.length,
      needed: context.parameter('hours'),
      signals: signalsOf(state),
      hours: hours.map((hour) => ({ ...hour, start: context.time.format(hour.start) })),
    },
  });
}

function signalsOf(state: InvalidDayState): readonly string[] {
  return [...new Set(state.hours.flatMap((hour) => hour.signals))];
}

function addHour(state: InvalidDayState, hour: HourValidity, context: RuleContext): void {
  const [first] = hour.invalid;
  if (first === undefined || hour.knownStopped) return;
  const { valid, expected } = first;
  state.hours.push({ start: hour.start, signals: hour.invalid.map(({ signal }) => signal), valid, expected });
  if (state.hours.length < context.parameter('hours')) return;
  const [signal = null, other] = signalsOf(state);
  state.found ??= { detectedAt: hour.end, signal: other === undefined && hour.watched > 1 ? signal : null };
  emitDay(state, context, null);
}

/** The hour of a device; the day closes with its last hour, and what was found spans it. */
export function stepInvalidHours(
  before: InvalidDayState | null,
  hour: HourValidity,
  context: RuleContext,
): InvalidDayState | null {
  const isSame = before !== null && before.day === hour.day && before.device === hour.device;
  if (before !== null && !isSame) emitDay(before, context, context.time.dayEnd(before.day));
  const state: InvalidDayState = isSame ? before : { device: hour.device, day: hour.day, hours: [], found: null };
  addHour(state, hour, context);
  const dayEnd = context.time.dayEnd(hour.day);
  if (hour.end < dayEnd) return state;
  emitDay(state, context, dayEnd);
  return null;
}
