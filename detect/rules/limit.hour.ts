/**
 * The hourly mean, converted to the reference oxygen where the permit has one, is above the limit in force.
 *
 * Innocent look-alikes: the plant does not operate (cold stack near 21 % O2 converts to anything), start-up or fault
 * declared in time and within its budget, calibration gas in the analyser. The first is no exceedance, the second is a
 * finding of severity `info`, the third makes its minutes invalid.
 */
import { explainLimit } from './limit-explanation.ts';
import { LIMIT_BLIND, LIMIT_PARAMETERS } from './limit-parameters.ts';
import type { RuleFacts } from './rule.ts';

export const limitHour: RuleFacts = {
  id: 'limit.hour',
  version: 1,
  category: 'exceedance',
  title: { zh: '小时均值超标', en: 'Hourly mean over the limit' },
  summary: {
    zh: '某整点小时的有效（折算）均值超过许可限值。',
    en: 'The valid (converted) mean of a clock hour is over the permit limit.',
  },
  severities: ['info', 'low', 'high', 'critical'],
  basis: [
    { document: 'HJ 212-2017', clause: 'annex D: validity of minutes and hours, conversion to reference oxygen' },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: LIMIT_PARAMETERS,
  limits: LIMIT_BLIND,
  explain: (evidence) => explainLimit(evidence, { list: 'hours', zh: '小时', en: 'hours' }),
};
