/**
 * In an order the meters of a line are silent, and nothing else says whether it obeys.
 *
 * Innocent look-alikes: a network outage of many sites at once. It is no accusation: obedience cannot be shown.
 */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatMinutes, formatWhen, text } from '../findings/words.ts';
import type { RuleFacts } from './rule.ts';

export const orderUnproven: RuleFacts = {
  id: 'order.unproven',
  version: 1,
  category: 'order',
  title: { zh: '管控期间无法证明停限产', en: 'Obedience to an order cannot be shown' },
  summary: {
    zh: '管控期间生产用电数据中断，且无其他佐证。',
    en: 'Meters are silent in an order and there is no other sign either way.',
  },
  severities: ['medium'],
  basis: [
    { document: 'order (registry or API)', clause: 'scope, time and grace, quoted in the evidence' },
    { document: 'project contract', clause: 'section 5: after grace, ≥ 1 hour without valid data and no other sign' },
  ],
  parameters: [
    {
      name: 'durationMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'time without valid data',
      source: 'project contract, section 5',
    },
    {
      name: 'restMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time with data after which it closes',
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '不说明企业是否违令，只说明无法证明其执行。',
      en: 'It does not say that the order was broken, only that obedience cannot be shown.',
    },
    { zh: '断网、停电与有意拔表看起来相同。', en: 'A network or power cut looks the same as an unplugged meter.' },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    return {
      zh: `管控令 ${text(evidence['order'])} 生效期间，生产线 ${text(evidence['line'])} 自 ${formatWhen(evidence['since'])} 起 ${span.zh}没有有效用电数据（${text(evidence['meters'])}），也没有视频或烟气数据可以佐证。应尽快核实其停限产情况。`,
      en: `While order ${text(evidence['order'])} binds it, line ${text(evidence['line'])} has had no valid meter data since ${formatWhen(evidence['since'])} (${span.en}; ${text(evidence['meters'])}), and neither camera nor stack says anything. Whether it obeys must be checked another way.`,
    };
  },
};
