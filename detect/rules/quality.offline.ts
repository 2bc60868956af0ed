/**
 * A device has reported nothing for max(15 minutes, three times its cadence).
 *
 * Innocent look-alikes: a power or network cut (many sites at once). Judged in the order of arrival: a backlog that
 * comes later fills the data, not the silence.
 */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatMinutes, formatWhen, text } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const offline: RuleFacts = {
  id: 'quality.offline',
  version: 1,
  category: 'quality',
  title: { zh: '设备离线', en: 'Device off line' },
  summary: {
    zh: '设备超过应有时限没有上报数据。',
    en: 'A device has reported nothing for longer than its cadence allows.',
  },
  severities: ['low'],
  basis: [
    { document: 'sub-metering practice of city platforms', clause: 'device off line after 15 minutes' },
    { document: 'project contract', clause: 'section 5: no report for max(15 min, 3 × cadence)' },
  ],
  parameters: [
    {
      name: 'silenceMs',
      unit: 'ms',
      default: 15 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: 30 * DAY_MS,
      help: 'silence of a fast device',
      source: 'project contract, section 5',
    },
    {
      name: 'cadences',
      unit: '1',
      default: 3,
      minimum: 1,
      maximum: 1000,
      help: 'silence in cadences of a slow device',
      source: 'project contract, section 5',
    },
  ],
  limits: [{ zh: '无法区分断网、断电与人为拔线。', en: 'It cannot tell a network cut from a pulled plug.' }],
  explain: (evidence) => {
    const needed = formatMinutes(evidence['neededMinutes']);
    const device = text(evidence['device']);
    const since = formatWhen(evidence['since']);
    const lasted = evidence['minutes'] === undefined ? undefined : formatMinutes(evidence['minutes']);
    const zhEnd = lasted === undefined ? '' : `，共 ${lasted.zh}`;
    const enEnd = lasted === undefined ? '' : ` It lasted ${lasted.en}.`;
    if (evidence['neverReported'] === true) {
      return {
        zh: `设备 ${device} 登记后从未上报；企业自 ${since} 起已有其他数据${zhEnd}。超过 ${needed.zh}即视为离线。`,
        en: `Device ${device} has never reported, though its site has since ${since}. More than ${needed.en} of silence counts as off line.${enEnd}`,
      };
    }
    return {
      zh: `设备 ${device} 自 ${since} 起没有任何上报${zhEnd}，超过 ${needed.zh}即视为离线。离线期间的数据状态为“未知”。`,
      en: `Device ${device} has reported nothing since ${since}; more than ${needed.en} of silence counts as off line.${enEnd} What happened meanwhile is unknown.`,
    };
  },
};
