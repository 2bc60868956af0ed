/**
 * A device sends data long after their time: a gap is filled hours later.
 *
 * Innocent look-alikes: a legal re-transmission, marked `resent`, within a day; an outage of link or power, which makes
 * every device of the site late at once; a device whose clock is behind (each report late by the same, at its cadence:
 * that is `quality.clock`); a mean that the device makes once a day, always at the same hour; a file without receive
 * times. So it is no more than a note, unless what is filled touches an exceedance or does not look measured.
 */
import type { BilingualText, Severity } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatMinutes, formatNumber, formatWhen, list, signalZh, text, unitOf } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const backfill: RuleFacts = {
  id: 'falsification.backfill',
  version: 1,
  category: 'falsification',
  title: { zh: '数据事后补录', en: 'Data filled in afterwards' },
  summary: {
    zh: '数据在其时刻过后很久才上报，缺口被事后填补。',
    en: 'Data arrive long after their time: a gap is filled in afterwards.',
  },
  severities: ['info', 'medium', 'high'],
  basis: [
    { document: 'HJ 212-2025', clause: 'RF=1: stored data that are sent later say so' },
    {
      document: 'project contract',
      clause: 'section 5: more than 1 h late without `resent`, more than 24 h with it; P4 of what is filled',
    },
  ],
  parameters: [
    {
      name: 'lateMs',
      unit: 'ms',
      default: HOUR_MS,
      minimum: 10 * MINUTE_MS,
      maximum: 30 * DAY_MS,
      help: 'lateness from which a report that is not marked as resent counts as filled in',
      source: 'project contract, section 5',
    },
    {
      name: 'resentLateMs',
      unit: 'ms',
      default: DAY_MS,
      minimum: 10 * MINUTE_MS,
      maximum: 365 * DAY_MS,
      help: 'the same for a report that is',
      source: 'project contract, section 5',
    },
    {
      name: 'lineSamples',
      unit: '1',
      default: 6,
      minimum: 4,
      maximum: 1_000,
      help: 'filled values on a sloping straight line, and at least so many that chance makes it in under one stretch of a thousand',
      source: 'detection practice P4b: six samples with a second difference within two resolutions',
    },
    {
      name: 'smoothSamples',
      unit: '1',
      default: 20,
      minimum: 6,
      maximum: 10_000,
      help: 'filled values from which it is judged whether they are too smooth',
      source:
        'engineering judgement: of twenty honest values half are as calm in fewer than one stretch of ten thousand',
    },
    {
      name: 'smoothShare',
      unit: '1',
      default: 0.2,
      minimum: 0.01,
      maximum: 1,
      help: 'share of the usual difference from value to value below which a filled one counts as too calm',
      source: 'detection practice P4: spread below 0.2 of the usual',
    },
  ],
  limits: [
    {
      zh: '一小时内补上的数据，或由网关改写后仍按实时节拍上报的数据，本规则看不到。',
      en: 'What is filled in within the hour, or by a gateway that keeps the live look of it, is not seen.',
    },
    {
      zh: '接收端自身停机后设备补发而未标记 resent 的数据同样算迟到（多为全厂同时，仅作提示）。',
      en: 'After an outage of the receiver itself, devices that do not mark what they send again are late too; mostly the whole site at once, which is a note.',
    },
    {
      zh: '人工重新放行的死信以放行时刻为接收时刻。',
      en: 'A dead letter that an officer sends through again counts as arriving then.',
    },
    {
      zh: '通道规律未学到（新设备）或分辨率太粗时不判断曲线形状。',
      en: 'Of a new device, or a coarse channel, nothing is said about the shape of what is filled.',
    },
    {
      zh: '没有分钟氧量时，不判断该分钟折算值是否超标。',
      en: 'Without oxygen in the same report a converted value is not compared with the limit.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    const late = formatMinutes(evidence['mostLateMinutes']);
    const allowed = formatMinutes(evidence['allowedMinutes']);
    const [since, until] = [formatWhen(evidence['since']), formatWhen(evidence['until'])];
    const count = formatNumber(evidence['count']);
    const device = text(evidence['device']);
    const reasons = list(evidence['reasons']).map(reasonWords);
    const isOutage = evidence['siteSilent'] === true;
    return {
      zh: `设备 ${device} 在 ${since} 至 ${until} 的 ${count} 条数据（${span.zh}）最迟晚到 ${late.zh}，允许 ${allowed.zh}。${isOutage ? '同期全厂设备均无数据，像是断网或断电。' : ''}${reasons.length === 0 ? '补录内容未见异常。' : reasons.map(({ zh }) => zh).join('')}`,
      en: `Device ${device} sent its data from ${since} to ${until} (reports: ${count}, ${span.en}) up to ${late.en} late; ${allowed.en} is allowed. ${isOutage ? 'All other devices of the site were silent as well, as in an outage. ' : ''}${reasons.length === 0 ? 'Nothing is unusual about the values.' : reasons.map(({ en }) => en).join(' ')}`,
    };
  },
};

const FINDING_ZH: Readonly<Record<string, string>> = {
  'limit.hour': '小时超标',
  'limit.day': '日均超标',
  'limit.period': '周期超标',
};

function overWords(reason: Readonly<Record<string, unknown>>): BilingualText {
  const { signal } = reason;
  const value = `${formatNumber(reason['value'])}${unitOf(signal)}`;
  const limit = formatNumber(reason['limit']);
  const at = formatWhen(reason['at']);
  const count = formatNumber(reason['count']);
  return {
    zh: `其中 ${at} ${signalZh(signal)} ${value} 高于限值 ${limit}（共 ${count} 个）。`,
    en: `At ${at} ${text(signal)} is ${value}, above the limit of ${limit} (values above: ${count}).`,
  };
}

function besideWords(reason: Readonly<Record<string, unknown>>): BilingualText {
  const rule = text(reason['rule']);
  const start = formatWhen(reason['start']);
  return {
    zh: `补录时段与 ${start} 起的${FINDING_ZH[rule] ?? rule}相接。`,
    en: `The span touches the exceedance (${rule}) from ${start} on.`,
  };
}

function shapeWords(reason: Readonly<Record<string, unknown>>): BilingualText {
  const zh = signalZh(reason['signal']);
  const en = text(reason['signal']);
  const samples = formatNumber(reason['samples']);
  switch (reason['kind']) {
    case 'interpolated':
      return {
        zh: `${zh}有连续 ${samples} 个值落在一条斜线上，像是插值。`,
        en: `Of ${en}, values in a row (count: ${samples}) lie on one sloping line, as if interpolated.`,
      };
    case 'mean-of-ends':
      return {
        zh: `${zh}的 ${samples} 个值全等于缺口两端的平均值。`,
        en: `All values of ${en} (count: ${samples}) equal the mean of both ends of the gap.`,
      };
    default:
      return {
        zh: `${zh}的 ${samples} 个值中有 ${formatNumber(100 * Number(reason['calmShare']))} % 的波动不到平时的五分之一，过于平滑。`,
        en: `Of ${en}, ${formatNumber(100 * Number(reason['calmShare']))} % of the values (count: ${samples}) move by far less than they usually do: too smooth.`,
      };
  }
}

function reasonWords(reason: Readonly<Record<string, unknown>>): BilingualText {
  if (reason['kind'] === 'over-limit') return overWords(reason);
  return reason['kind'] === 'exceedance' ? besideWords(reason) : shapeWords(reason);
}

/** Why a filled stretch is more than a note. */
export type FillReason = Readonly<Record<string, unknown>> & {
  readonly kind: 'over-limit' | 'exceedance' | 'interpolated' | 'mean-of-ends' | 'smooth';
};

/** Late like everybody else at the site is an outage, whatever it touches; a shape that nobody measured is none. */
export function severityOfFill(reasons: readonly FillReason[], isSiteSilent: boolean): Severity {
  const touches = !isSiteSilent && reasons.some(({ kind }) => kind === 'over-limit' || kind === 'exceedance');
  const isBroken = reasons.some(({ kind }) => kind !== 'over-limit' && kind !== 'exceedance');
  if (touches && isBroken) return 'high';
  return touches || isBroken ? 'medium' : 'info';
}
