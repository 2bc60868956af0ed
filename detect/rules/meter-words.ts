/** The four kinds of `falsification.meter` in words, and what each means for the energy that is seen. */
import type { BilingualText } from '../../contracts/finding.ts';
import { formatMinutes, formatNumber, formatWhen, list, signalZh, text } from '../findings/words.ts';
import type { Evidence } from './rule.ts';

function percent(value: unknown): string {
  return typeof value === 'number' ? formatNumber(100 * value) : '?';
}

export function explainPhase(evidence: Evidence): BilingualText {
  const span = formatMinutes(evidence['minutes']);
  const since = formatWhen(evidence['since']);
  const device = text(evidence['device']);
  if (evidence['signal'] === 'power') {
    const power = formatNumber(evidence['powerKw']);
    return {
      zh: `自 ${since} 起，电表 ${device} 功率平均 ${power} kW，三相电流却均为零，累计 ${span.zh}。电流与功率不可能同时成立，电流回路或数据被改动，按电流核算的用电不可信。`,
      en: `Since ${since} meter ${device} showed ${power} kW on average with no current on any phase, for ${span.en}. Both cannot be true: the current circuit or the data were altered, and what is worked out from the current is not to be trusted.`,
    };
  }
  const current = formatNumber(evidence['currentA']);
  const largest = formatNumber(evidence['largestA']);
  const volts = formatNumber(evidence['voltageV']);
  const usual = percent(evidence['usualShare']);
  return {
    zh: `自 ${since} 起，电表 ${device} 的${signalZh(evidence['signal'])}平均 ${current} A，而最大相为 ${largest} A、该相电压 ${volts} V 正常，累计 ${span.zh}。该相以往为最大相的 ${usual} %；失流期间该相用电不计量，所见电量约少三分之一。`,
    en: `Since ${since} ${text(evidence['signal'])} of meter ${device} was ${current} A on average while the largest phase carried ${largest} A and this phase had ${volts} V, for ${span.en}. It used to carry ${usual} % of the largest; what it draws meanwhile is not counted, about a third of the energy.`,
  };
}

function explainBackwards(evidence: Evidence): BilingualText {
  const device = text(evidence['device']);
  const before = formatNumber(evidence['beforeKwh']);
  const after = formatNumber(evidence['afterKwh']);
  const lost = formatNumber(evidence['lostKwh']);
  const since = formatWhen(evidence['since']);
  return {
    zh: `电表 ${device} 的表码在 ${since} 由 ${before} kWh 倒退为 ${after} kWh，少了 ${lost} kWh，期间没有换表或维护标记。按表码核算的电量至少少计这一数额。`,
    en: `At ${since} the register of meter ${device} went back from ${before} kWh to ${after} kWh, by ${lost} kWh, with no exchange or maintenance declared. Energy worked out from the register is short by at least that.`,
  };
}

export function explainRegister(evidence: Evidence): BilingualText {
  if (evidence['form'] === 'backwards') return explainBackwards(evidence);
  const register = formatNumber(evidence['registerKwh']);
  const power = formatNumber(evidence['powerKwh']);
  const hours = formatNumber(evidence['hours']);
  const device = text(evidence['device']);
  const since = formatWhen(evidence['since']);
  const share = percent(evidence['seenShare']);
  const isPowerLow = Number(evidence['powerKwh']) < Number(evidence['registerKwh']);
  return {
    zh: `自 ${since} 起连续 ${hours} 个可判小时，电表 ${device} 表码增加 ${register} kWh，功率积分为 ${power} kWh，两者不符。${isPowerLow ? '功率' : '表码'}只反映了另一者的 ${share} %，以其判断开停和用电会偏低。`,
    en: `From ${since} on, over judged hours (count: ${hours}), the register of meter ${device} grew by ${register} kWh while its power sums to ${power} kWh. The ${isPowerLow ? 'power' : 'register'} shows ${share} % of the other: what is judged by it comes out too low.`,
  };
}

export function explainChildren(evidence: Evidence): BilingualText {
  const span = formatMinutes(evidence['minutes']);
  const since = formatWhen(evidence['since']);
  const device = text(evidence['device']);
  const [sum, whole] = [formatNumber(evidence['childrenKw']), formatNumber(evidence['parentKw'])];
  const parts = list(evidence['children']).map((child) => `${text(child['device'])} ${formatNumber(child['kw'])} kW`);
  const excess = formatNumber(evidence['excessKw']);
  return {
    zh: `自 ${since} 起，总表 ${device} 平均 ${whole} kW，其下分表之和却为 ${sum} kW（${parts.join('，')}），累计 ${span.zh}。至少 ${excess} kW 未经总表，总表少计或有旁路接线。`,
    en: `Since ${since} meter ${device} showed ${whole} kW on average while the meters behind it took ${sum} kW together (${parts.join(', ')}), for ${span.en}. At least ${excess} kW does not pass the whole: it counts too little, or there is a bypass.`,
  };
}

export function explainRatio(evidence: Evidence): BilingualText {
  const since = formatWhen(evidence['since']);
  const device = text(evidence['device']);
  const after = formatNumber(evidence['after']);
  const { before, registered, seenShare } = evidence;
  const wasZh = typeof before === 'number' ? `由 ${formatNumber(before)} 改为 ${after}` : `为 ${after}`;
  const was = typeof before === 'number' ? `was changed from ${formatNumber(before)} to ${after}` : `is ${after}`;
  const fixedZh = typeof registered === 'number' ? `，登记变比为 ${formatNumber(registered)}` : '';
  const fixed = typeof registered === 'number' ? `; the registered ratio is ${formatNumber(registered)}` : '';
  const marked = evidence['marked'] === true;
  return {
    zh: `${since} 电表 ${device} 上报的互感器变比${wasZh}${fixedZh}，${marked ? '当时声明了维护，但登记未更新' : '当时没有维护标记'}。按此变比，所见功率和电量为应有值的 ${percent(seenShare)} %。`,
    en: `At ${since} the transformer ratio that meter ${device} tells ${was}${fixed}. ${marked ? 'Maintenance was declared, but the registry does not know the new one.' : 'No maintenance was declared.'} With it power and energy are seen at ${percent(seenShare)} % of what they should be.`,
  };
}
