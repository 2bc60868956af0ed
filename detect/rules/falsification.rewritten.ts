/**
 * A value that was already reported is sent again with another value or flag.
 *
 * Innocent look-alikes: a documented correction (an officer accepts it), a repeat of the same value (no effect at
 * all), a difference below the signal's resolution. The first value stays the evidence.
 */
import type { BilingualText } from '../../contracts/finding.ts';
import { formatNumber, formatWhen, list, signalZh, text, unitOf } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const rewritten: RuleFacts = {
  id: 'falsification.rewritten',
  version: 1,
  category: 'falsification',
  title: { zh: '已报数据被改写', en: 'Reported value rewritten' },
  summary: {
    zh: '同一时刻、同一因子的数据被再次上报且数值或标记不同。',
    en: 'A value for the same instant is sent again with another value or flag.',
  },
  severities: ['medium', 'high'],
  basis: [
    { document: 'HJ 212-2017', clause: 'C.20–C.22: re-issued data carry the time of the data' },
    { document: 'project contract', clause: 'section 2: same identity, different value or flag = a revision' },
  ],
  parameters: [
    {
      name: 'highCount',
      unit: '1',
      default: 10,
      minimum: 1,
      maximum: 1e6,
      help: 'from this many rewritten values on the finding is high',
      source: 'engineering judgement: one value is a slip, ten are an edit',
    },
  ],
  limits: [
    {
      zh: '超过 7 天的旧数据被改写时只保留记录，不产生线索。',
      en: 'A rewrite of data older than the seven-day horizon is kept and shown, without a finding.',
    },
  ],
  explain: (evidence) => {
    const change = list(evidence['changes'])[0] ?? {};
    const part = typeof change['statistic'] === 'string' ? ` (${change['statistic']})` : '';
    const at = formatWhen(change['at']);
    const was = shown(change['first'], evidence['signal']);
    const became = shown(change['later'], evidence['signal']);
    const [flag, laterFlag] = [text(change['firstFlag']), text(change['laterFlag'])];
    const count = formatNumber(evidence['count']);
    const since = formatWhen(evidence['since']);
    return {
      zh: `${signalZh(evidence['signal'])}自 ${since} 起有 ${count} 个已上报数据被改写，例如 ${at}${part} 由 ${was.zh}（${flag}）改为 ${became.zh}（${laterFlag}）。首次上报值继续作为证据。`,
      en: `Values of ${text(evidence['signal'])} were sent again differently from ${since} on (count: ${count}), for example ${at}${part}: ${was.en} (${flag}) became ${became.en} (${laterFlag}). The first value stays the evidence.`,
    };
  },
};

/** A value as people read it; a statistic that one of the two messages did not hold is said to be absent. */
function shown(value: unknown, signal: unknown): BilingualText {
  if (value === null || value === undefined) return { zh: '无', en: 'nothing' };
  const words = typeof value === 'number' ? `${formatNumber(value)}${unitOf(signal)}` : text(value);
  return { zh: words, en: words };
}
