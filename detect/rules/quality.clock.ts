/**
 * A device's clock is wrong: it reports from the future, or its fresh reports are more than ten minutes old.
 *
 * Innocent look-alikes: a backlog that is honestly marked `resent`, a slow link for a minute or two (the median of an
 * hour decides).
 */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatMinutes, formatNumber, formatWhen, text } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const clock: RuleFacts = {
  id: 'quality.clock',
  version: 1,
  category: 'quality',
  title: { zh: '设备时钟异常', en: 'Device clock wrong' },
  summary: {
    zh: '上报时间超前于接收时间，或实时数据长期滞后。',
    en: 'Reports come from the future, or fresh reports are late for an hour.',
  },
  severities: ['low', 'medium'],
  basis: [
    {
      document: 'project contract',
      clause: 'sections 2 and 5: more than 5 minutes ahead, or a median of more than 10 minutes behind',
    },
  ],
  parameters: [
    {
      name: 'lateMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'median lateness of an hour of unresent reports',
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '补传数据若未标记 resent，会被当作时钟滞后。',
      en: 'A backlog that is not marked as resent looks like a slow clock.',
    },
  ],
  explain: (evidence) => {
    const off = formatMinutes(evidence['minutes']);
    const ahead = evidence['direction'] === 'ahead';
    return {
      zh: `设备 ${text(evidence['device'])} 自 ${formatWhen(evidence['since'])} 起有 ${formatNumber(evidence['count'])} 次上报时间${ahead ? '超前' : '滞后'}，最大 ${off.zh}。${ahead ? '超前数据已隔离，时间到后再行接收。' : '未标记补传，请校时。'}`,
      en: `Device ${text(evidence['device'])} sent ${formatNumber(evidence['count'])} reports ${ahead ? 'from the future' : 'late without marking them as resent'} since ${formatWhen(evidence['since'])}, by up to ${off.en}. ${ahead ? 'They are held back until their time has come.' : 'Its clock should be set.'}`,
    };
  },
};
