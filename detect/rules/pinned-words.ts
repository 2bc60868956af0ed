/** What a value at an end of its range is said to be, from the evidence alone. */
import type { BilingualText } from '../../contracts/finding.ts';
import { formatMinutes, formatNumber, formatWhen, signalZh, text, unitOf } from '../findings/words.ts';
import type { Evidence } from './rule.ts';

function fullScale(evidence: Evidence): number | undefined {
  const { range } = evidence;
  const top: unknown = Array.isArray(range) ? range[1] : undefined;
  return typeof top === 'number' ? top : undefined;
}

function explainTop(evidence: Evidence): BilingualText {
  const { signal, shortForLimit: limit } = evidence;
  const unit = unitOf(signal);
  const since = formatWhen(evidence['since']);
  const span = formatMinutes(evidence['minutes']);
  const top = fullScale(evidence);
  const share = formatNumber(Number(evidence['topShare']) * 100);
  const where =
    top === undefined
      ? { zh: '持续报超量程（标记 T）', en: 'has been flagged over range (T)' }
      : {
          zh: `达到满量程 ${formatNumber(top)}${unit} 的 ${share} % 以上`,
          en: `has been at ${share} % or more of its full scale of ${formatNumber(top)}${unit}`,
        };
  const short =
    typeof limit === 'number'
      ? {
          zh: `量程不足限值 ${formatNumber(limit)}${unit} 的 1.5 倍，超标程度无法测出。`,
          en: `The range is less than 1.5 times the limit of ${formatNumber(limit)}${unit}: how far it is exceeded cannot be measured.`,
        }
      : {
          zh: '真实浓度不低于此值，高出多少无法得知。',
          en: 'What came out is at least this; how much more is not known.',
        };
  return {
    zh: `${signalZh(signal)}自 ${since} 起${where.zh}，已持续 ${span.zh}，其间生产在运行。${short.zh}`,
    en: `${text(signal)} ${where.en} since ${since}, for ${span.en}, while production was running. ${short.en}`,
  };
}

function explainBottom(evidence: Evidence): BilingualText {
  const { signal } = evidence;
  const since = formatWhen(evidence['since']);
  const span = formatMinutes(evidence['minutes']);
  const needed = formatMinutes(evidence['neededMinutes']);
  const value = `${formatNumber(evidence['value'])}${unitOf(signal)}`;
  const share = formatNumber(Number(evidence['bottomShare']) * 100);
  const hours = formatNumber(evidence['hoursAway']);
  return {
    zh: `${signalZh(signal)}自 ${since} 起停在最低刻度（${value}），已持续 ${span.zh}，其间生产在运行。此前 ${hours} 小时高于最低刻度，处于最低刻度的比例为 ${share} %，停留超过 ${needed.zh} 即不合该通道的习惯。`,
    en: `${text(signal)} has stood at the lowest step it can show (${value}) since ${since}, for ${span.en}, while production was running. It was above it for ${hours} hours before and at it for ${share} % of the time, so more than ${needed.en} is against its habit.`,
  };
}

export function explainPinned(evidence: Evidence): BilingualText {
  return evidence['side'] === 'top' ? explainTop(evidence) : explainBottom(evidence);
}
