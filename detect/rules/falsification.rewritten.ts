/**
 * A value that was already reported is sent again with another value or flag.
 *
 * Innocent look-alikes: a documented correction (an officer accepts it), a repeat of the same value (no effect at
 * all), a difference below the signal's resolution. The first value stays the evidence.
 */
import { formatNumber, formatWhen, list, signalZh, text, unitOf } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const rewritten: RuleFacts = {
  id: 'falsification.rewritten',
  version: 1,
  category: 'falsification',
  title: { zh: '已报数据被改写', en: 'Reported value rewritten' },
  summary: { zh: '同一时刻、同一因子的数据被再次上报且数值或标记不同。', en: 'A value for the same instant is sent again with another value or flag.' },
  severities: ['medium', 'high'],
  basis: [
    { document: 'HJ 212-2017', clause: 'C.20–C.22: re-issued data carry the time of the data' },
    { document: 'project contract', clause: 'section 2: same identity, different value or flag = a revision' },
  ],
  parameters: [
    { name: 'highCount', unit: '1', default: 10, minimum: 1, maximum: 1e6, help: 'from this many rewritten values on the finding is high', source: 'engineering judgement: one value is a slip, ten are an edit' },
  ],
  limits: [
    { zh: '超过 7 天的旧数据被改写时只保留记录，不产生线索。', en: 'A rewrite of data older than the seven-day horizon is kept and shown, without a finding.' },
  ],
  explain: (evidence) => {
    const first = list(evidence['changes'])[0] ?? {};
    const unit = unitOf(evidence['signal']);
    return {
      zh: `${signalZh(evidence['signal'])}自 ${formatWhen(evidence['since'])} 起有 ${formatNumber(evidence['count'])} 个已上报数据被改写，例如 ${formatWhen(first['at'])} 由 ${formatNumber(first['first'])}${unit}（${text(first['firstFlag'])}）改为 ${formatNumber(first['later'])}${unit}（${text(first['laterFlag'])}）。首次上报值继续作为证据。`,
      en: `${formatNumber(evidence['count'])} values of ${text(evidence['signal'])} from ${formatWhen(evidence['since'])} on were sent again differently, for example ${formatWhen(first['at'])}: ${formatNumber(first['first'])}${unit} (${text(first['firstFlag'])}) became ${formatNumber(first['later'])}${unit} (${text(first['laterFlag'])}). The first value stays the evidence.`,
    };
  },
};
