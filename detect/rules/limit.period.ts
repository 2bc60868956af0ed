/**
 * A mean over another averaging period (minutes, several hours, a month) breaks its limit, such as a furnace below
 * 850 °C in a five-minute window more often in a day than is allowed.
 *
 * Innocent look-alikes: the furnace is out of service (meters off), the count of allowed periods is not used up.
 */
import { explainLimit } from './limit-explanation.ts';
import { LIMIT_BLIND, LIMIT_PARAMETERS } from './limit-parameters.ts';
import type { RuleFacts } from './rule.ts';

export const limitPeriod: RuleFacts = {
  id: 'limit.period',
  version: 1,
  category: 'exceedance',
  title: { zh: '其他周期均值超标', en: 'Mean of another period over the limit' },
  summary: {
    zh: '小时、日以外的平均周期的有效均值突破许可限值（扣除允许次数）。',
    en: 'The valid mean of an averaging period other than hour and day breaks the permit limit, allowed counts deducted.',
  },
  severities: ['info', 'low', 'high', 'critical'],
  basis: [
    { document: 'HJ 212-2017', clause: 'annex D: at least 75 % valid parts' },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: LIMIT_PARAMETERS,
  limits: [
    ...LIMIT_BLIND,
    {
      zh: '短于一小时的周期，被申报状态覆盖四分之一以上即视为豁免。',
      en: 'A period shorter than an hour is excused when a declared state covers a quarter of it.',
    },
  ],
  explain: (evidence) => explainLimit(evidence, { list: 'periods', zh: '周期', en: 'periods' }),
};
