/**
 * A line that was ordered to reduce used more energy over the last 24 hours of the order than it may.
 *
 * Innocent look-alikes: the grace to come down, hours in which a daily order is not in force, exempt firms, a line that
 * stands (lighting and pumps cannot be reduced), a morning peak that the rest of the day makes good, a meter that is
 * silent. Without a baseline nothing is judged, and an info finding says so.
 */
import type { BilingualText } from '../../contracts/finding.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatNumber, formatWhen, text } from '../findings/words.ts';
import type { Evidence, RuleFacts } from './rule.ts';

function explainUnknown(evidence: Evidence): BilingualText {
  const order = text(evidence['order']);
  const since = formatWhen(evidence['since']);
  if (evidence['cause'] === 'energy') {
    return {
      zh: `管控令 ${order} 要求生产线 ${text(evidence['line'])} 限产 ${formatNumber(evidence['reducePercent'])}%，但自 ${since} 起只有 ${formatNumber(evidence['hoursKnown'])} 个小时的用电量完整（共 ${formatNumber(evidence['hoursBinding'])} 个小时，至少需要 ${formatNumber(evidence['neededHours'])} 个），无法判断是否执行。`,
      en: `Order ${order} asks line ${text(evidence['line'])} to reduce by ${formatNumber(evidence['reducePercent'])} %, but since ${since} the energy of only ${formatNumber(evidence['hoursKnown'])} of ${formatNumber(evidence['hoursBinding'])} hours is known (${formatNumber(evidence['neededHours'])} are needed): whether it obeys cannot be said.`,
    };
  }
  return {
    zh: `管控令 ${order} 要求生产线 ${text(evidence['line'])} 限产 ${formatNumber(evidence['reducePercent'])}%，但没有可比的基准用电：未登记基准，管控前也不足 ${formatNumber(evidence['neededDays'])} 个完整日。自 ${since} 起仍在用电，${formatNumber(evidence['hoursKnown'])} 小时共 ${formatNumber(evidence['kWh'])} kWh，是否达到限产要求无法判断，请登记基准。`,
    en: `Order ${order} asks line ${text(evidence['line'])} to reduce by ${formatNumber(evidence['reducePercent'])} %, but there is no baseline to compare with: none is filed, and fewer than ${formatNumber(evidence['neededDays'])} complete days before the order are known. Since ${since} it used ${formatNumber(evidence['kWh'])} kWh in ${formatNumber(evidence['hoursKnown'])} hours; whether it obeys cannot be said until a baseline is filed.`,
  };
}

function explainOver(evidence: Evidence): BilingualText {
  const isFiled = evidence['baselineFrom'] === 'filed';
  const document = evidence['document'] === undefined ? '' : `（${text(evidence['document'])}）`;
  return {
    zh: `管控令 ${text(evidence['order'])}${document} 要求生产线 ${text(evidence['line'])} 限产 ${formatNumber(evidence['reducePercent'])}%。${formatWhen(evidence['windowFrom'])} 至 ${formatWhen(evidence['windowTo'])} 已知的 ${formatNumber(evidence['hoursKnown'])} 个小时用电 ${formatNumber(evidence['kWh'])} kWh，超过允许的 ${formatNumber(evidence['allowedKwh'])} kWh（${isFiled ? '备案基准' : '管控前同时段平均'} ${formatNumber(evidence['baselineKwh'])} kWh，含 ${formatNumber(evidence['tolerancePercent'])}% 容差），为基准的 ${formatNumber(evidence['percentOfBaseline'])}%。`,
    en: `Order ${text(evidence['order'])} asks line ${text(evidence['line'])} to reduce by ${formatNumber(evidence['reducePercent'])} %. From ${formatWhen(evidence['windowFrom'])} to ${formatWhen(evidence['windowTo'])}, in the ${formatNumber(evidence['hoursKnown'])} hours that are known, it used ${formatNumber(evidence['kWh'])} kWh and not the allowed ${formatNumber(evidence['allowedKwh'])} kWh (${isFiled ? 'baseline as filed' : 'same hours before the order'}: ${formatNumber(evidence['baselineKwh'])} kWh, tolerance ${formatNumber(evidence['tolerancePercent'])} %): ${formatNumber(evidence['percentOfBaseline'])} % of the baseline.`,
  };
}

export const orderLimit: RuleFacts = {
  id: 'order.limit',
  version: 1,
  category: 'order',
  title: { zh: '限产未达要求', en: 'More energy than an order to reduce allows' },
  summary: {
    zh: '限产管控令生效期间，生产用电量超过基准应降到的水平；没有基准时说明无法判断。',
    en: 'In an order to reduce, the production meters used more energy than the baseline less the reduction; without a baseline it says that this cannot be judged.',
  },
  severities: ['info', 'high', 'critical'],
  basis: [
    {
      document: 'limit order, or the plan of the line (registry or API)',
      clause: 'reduction, time and grace, quoted in the evidence',
    },
    {
      document: 'project contract',
      clause: 'section 5: each hour over the last 24 h of the order, above (100 − x) % of the baseline × 1.05',
    },
  ],
  parameters: [
    {
      name: 'windowMs',
      unit: 'ms',
      default: DAY_MS,
      minimum: 3_600_000,
      maximum: 7 * DAY_MS,
      help: 'how far back each hour looks',
      source: 'project contract, section 5',
    },
    {
      name: 'minimumHours',
      unit: '1',
      default: 3,
      minimum: 1,
      maximum: 24,
      help: 'hours that must be known',
      source: 'project contract, section 5',
    },
    {
      name: 'tolerancePercent',
      unit: '%',
      default: 5,
      minimum: 0,
      maximum: 50,
      help: 'what may be used above what is allowed',
      source: 'project contract, section 5',
    },
    {
      name: 'settledHours',
      unit: '1',
      default: 12,
      minimum: 1,
      maximum: 24,
      help: 'from this many known hours on the mean of the days before decides alone, however unlike they were',
      source: 'engineering judgement: half a day evens out when a shift begins',
    },
    {
      name: 'unsteadyPercent',
      unit: '%',
      default: 10,
      minimum: 0,
      maximum: 100,
      help: 'where the busiest day before lies this much above the mean in the judged hours, the first hours must be above its share',
      source: 'engineering judgement: twice the tolerance; steady lines stay below it',
    },
    {
      name: 'runningMs',
      unit: 'ms',
      default: 15 * MINUTE_MS,
      minimum: 0,
      maximum: DAY_MS,
      help: 'time on in the judged hours without which a line counts as standing',
      source:
        'engineering judgement: as long as order.shutdown asks for; lighting and pumps of a line that stands cannot be reduced',
    },
  ],
  limits: [
    {
      zh: '管控前各日同时段用电差别较大时（如开班时间不同），前 12 小时须超过其中最高一日的相应水平才会判定，因此可能较晚发现。',
      en: 'Where the days before differ (a shift that begins earlier or later), the first 12 hours are judged by the busiest of them, so that it may be found later.',
    },
    {
      zh: '基准来自管控前的用电：管控前已减产或突击增产都会使其偏离，两种基准并存时都会列出。',
      en: 'A baseline from the days before is misled by a line that had reduced already, or ran hard on purpose; where a filed one exists both are shown.',
    },
    {
      zh: '只看用电量，看不到燃料或投料的减少。',
      en: 'It sees energy alone, not fuel or material that was saved.',
    },
    {
      zh: '不足整小时的管控时段不计入；电表缺数的小时两边都不计。',
      en: 'Hours that the order does not bind wholly do not count; hours with a silent meter are left out on both sides.',
    },
  ],
  explain: (evidence) => (evidence['unknown'] === true ? explainUnknown(evidence) : explainOver(evidence)),
};
