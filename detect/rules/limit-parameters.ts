import type { BilingualText } from '../../contracts/finding.ts';
import type { Parameter } from './rule.ts';

/** Parameters that all three exceedance rules share. */
export const LIMIT_PARAMETERS: readonly Parameter[] = [
  {
    name: 'criticalRatio',
    unit: '1',
    default: 2,
    minimum: 1,
    maximum: 100,
    help: 'from this multiple of the limit on the finding is critical instead of high',
    source: 'engineering judgement: twice the limit is not explained by measuring uncertainty',
  },
];

/** Where all three exceedance rules are blind. */
export const LIMIT_BLIND: readonly BilingualText[] = [
  {
    zh: '只能判断有效数据：无效或缺失的时段是“未知”，不是达标。',
    en: 'Only valid data can be judged: an invalid or missing period is unknown, which is not compliance.',
  },
  {
    zh: '含氧量无效时只能给出折算下限；下限不超标不代表达标。',
    en: 'Without valid O2 only a lower bound of the converted value is known; a bound within the limit shows nothing.',
  },
  {
    zh: '仪器量程低于限值 1.5 倍时可能测不出超标（见登记检查警告）。',
    en: 'An instrument whose range ends below 1.5 × the limit may be unable to show an exceedance (registry check warns).',
  },
];
