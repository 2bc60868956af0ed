/** A cap and the total against it, as `limit.total` and `limit.total-forecast` put them into evidence and words. */
import type { BilingualText, Subject } from '../../contracts/finding.ts';
import { hoursBefore, isLowerBound, totalKg, type EmissionTotal } from '../means/emission-total.ts';
import { formatNumber, formatWhen, part, signalZh, text } from '../findings/words.ts';
import type { Evidence, RuleContext } from './rule.ts';

/** What is known of a cap where it stands. Part of snapshots: a cap that is struck out can still be named. */
export interface CapFacts {
  readonly tonnes: number;
  /** Calendar period, ISO 8601. */
  readonly per: string;
  /** Epoch ms; null: always. */
  readonly fromAt: number | null;
  readonly source: string | null;
}

/** A cap's running period at the end of an hour. */
export interface CapStep {
  readonly cap: CapFacts;
  readonly total: EmissionTotal;
  readonly subject: Subject;
  /** End of the hour. */
  readonly at: number;
  /** A local day ends with it. */
  readonly isDayEnd: boolean;
}

export function capEvidence({ cap, total, subject }: CapStep, context: RuleContext): Record<string, unknown> {
  const { time } = context;
  return {
    signal: subject.signal,
    cap: {
      tonnes: cap.tonnes,
      per: cap.per,
      ...(cap.fromAt === null ? {} : { from: time.format(cap.fromAt) }),
      ...(cap.source === null ? {} : { source: cap.source }),
    },
    period: { start: time.format(total.start), end: time.format(total.end) },
    tonnes: totalKg(total) / 1_000,
    measuredTonnes: total.measuredKg / 1_000,
    substitutedTonnes: total.substitutedKg / 1_000,
    hours: { ...total.hours },
    coverage: { from: time.format(total.from), to: time.format(total.to), hoursBefore: hoursBefore(total) },
    ...(total.overRangeHours > 0 ? { overRangeHours: total.overRangeHours } : {}),
    lowerBound: isLowerBound(total),
  };
}

/** `120 t for P1Y (排污许可证 3.1)`. */
export function capWords(evidence: Evidence): BilingualText {
  const cap = part(evidence['cap']);
  const source = cap['source'];
  return {
    zh: `总量控制指标 ${formatNumber(cap['tonnes'])} 吨（${text(cap['per'])}${source === undefined ? '' : `，依据 ${text(source)}`}）`,
    en: `the cap of ${formatNumber(cap['tonnes'])} t for ${text(cap['per'])}${source === undefined ? '' : ` (${text(source)})`}`,
  };
}

export function signalWords(evidence: Evidence): BilingualText {
  return { zh: signalZh(evidence['signal']), en: text(evidence['signal']) };
}

function count(hours: Readonly<Record<string, unknown>>, names: readonly string[]): number {
  let sum = 0;
  for (const name of names) {
    const hour = hours[name];
    if (typeof hour === 'number') sum += hour;
  }
  return sum;
}

/** What the total rests on, and what is not in it. */
export function restsOn(evidence: Evidence): BilingualText {
  const hours = part(evidence['hours']);
  const coverage = part(evidence['coverage']);
  const substituted = count(hours, ['max180', 'max720', 'max2160']);
  const unknown = count(hours, ['unknown']);
  const before = count(coverage, ['hoursBefore']);
  const over = count(evidence, ['overRangeHours']);
  const zh = [
    `其中实测 ${formatNumber(evidence['measuredTonnes'])} 吨（${count(hours, ['measured'])} 小时），` +
      `按 HJ 75 替代 ${formatNumber(evidence['substitutedTonnes'])} 吨（${substituted} 小时）`,
  ];
  const en = [
    `Of it ${formatNumber(evidence['measuredTonnes'])} t are measured (${count(hours, ['measured'])} hours) and ` +
      `${formatNumber(evidence['substitutedTonnes'])} t substituted as in HJ 75 (${substituted} hours)`,
  ];
  if (unknown > 0) {
    zh.push(`${unknown} 小时未知，未计入`);
    en.push(`${unknown} hours are unknown and not in it`);
  }
  if (before > 0) {
    zh.push(`${formatWhen(coverage['from'])} 之前的 ${before} 小时没有数据，未计入`);
    en.push(`nothing is known of the ${before} hours before ${formatWhen(coverage['from'])}`);
  }
  if (over > 0) {
    zh.push(`${over} 小时超量程，按量程计`);
    en.push(`${over} hours were over range and count at face value`);
  }
  const isBound = evidence['lowerBound'] === true;
  return {
    zh: `${zh.join('；')}${isBound ? '，故总量为下限值' : ''}。`,
    en: `${en.join('; ')}${isBound ? ': the total is a lower bound' : ''}.`,
  };
}
