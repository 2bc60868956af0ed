/** Text that the rules about orders share. */
import type { BilingualText } from '../../contracts/finding.ts';
import { formatMinutes, formatNumber, formatWhen, text } from '../findings/words.ts';
import type { Evidence } from './rule.ts';

export const ORDER_BLIND: readonly BilingualText[] = [
  {
    zh: '未装表或绕表用电的生产看不到（参见 order.contradiction）。',
    en: 'Production that is not metered, or wired past the meter, is not seen (see order.contradiction).',
  },
  {
    zh: '不能停机的工艺（焦炉、玻璃窑等）应在“一厂一策”中登记为限产。',
    en: 'Processes that cannot cool down must be registered as reduced, not stopped.',
  },
  { zh: '电表缺数时为未知，另见 order.unproven。', en: 'Silent meters are unknown; see order.unproven.' },
];

export function explainProduction(evidence: Evidence, duty: BilingualText): BilingualText {
  const span = formatMinutes(evidence['minutes']);
  const document = evidence['document'] === undefined ? '' : `（${text(evidence['document'])}）`;
  return {
    zh: `管控令 ${text(evidence['order'])}${document} 要求生产线 ${text(evidence['line'])} 自 ${formatWhen(evidence['bindingSince'])} 起${duty.zh}，但自 ${formatWhen(evidence['since'])} 起仍生产 ${span.zh}，用电 ${formatNumber(evidence['kWh'])} kWh，平均 ${formatNumber(evidence['averageKw'])} kW（开机阈值 ${formatNumber(evidence['onKw'])} kW）。`,
    en: `Order ${text(evidence['order'])} bound line ${text(evidence['line'])} ${duty.en} from ${formatWhen(evidence['bindingSince'])} on, yet from ${formatWhen(evidence['since'])} it produced for ${span.en}: ${formatNumber(evidence['kWh'])} kWh, ${formatNumber(evidence['averageKw'])} kW on average (on from ${formatNumber(evidence['onKw'])} kW).`,
  };
}
