/**
 * The mean of a local day is above its limit: the mean of its valid, operating, unexcused hours, at least four of
 * them, of a day of which at least 20 hours are valid or not operating.
 *
 * Innocent look-alikes: a day of start-up with a few hours of work (too few hours: unknown).
 */
import { explainLimit } from './limit-explanation.ts';
import { LIMIT_BLIND, LIMIT_PARAMETERS } from './limit-parameters.ts';
import type { RuleFacts } from './rule.ts';

export const limitDay: RuleFacts = {
  id: 'limit.day',
  version: 1,
  category: 'exceedance',
  title: { zh: '日均值超标', en: 'Daily mean over the limit' },
  summary: {
    zh: '某自然日的有效（折算）日均值超过许可限值。',
    en: 'The valid (converted) mean of a local day is over the permit limit.',
  },
  severities: ['low', 'high', 'critical'],
  basis: [
    { document: 'HJ 212-2017', clause: 'annex D: day mean from at least 20 valid hours' },
    { document: 'permit (registry)', clause: 'the limit in force, quoted in the evidence' },
  ],
  parameters: LIMIT_PARAMETERS,
  limits: [
    ...LIMIT_BLIND,
    {
      zh: '停运或豁免小时不参与日均值；当日有效运行小时不足 4 个时不判定。',
      en: 'Hours not operating or excused do not enter the mean; with fewer than four working hours a day is not judged.',
    },
  ],
  explain: (evidence) => explainLimit(evidence, { list: 'days', zh: '自然日', en: 'days' }),
};
