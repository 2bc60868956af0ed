/** The two sentences of an exceedance, from its evidence. */
import type { BilingualText } from '../../contracts/finding.ts';
import { countInRow, formatNumber, formatWhen, list, part, text } from '../findings/words.ts';
import type { Evidence } from './rule.ts';

interface Words {
  readonly list: 'hours' | 'days' | 'periods';
  readonly zh: string;
  readonly en: string;
}

function bound(limit: Readonly<Record<string, unknown>>): BilingualText {
  return limit['max'] === undefined
    ? { zh: `低于下限 ${formatNumber(limit['min'])}`, en: `below the minimum of ${formatNumber(limit['min'])}` }
    : { zh: `超过限值 ${formatNumber(limit['max'])}`, en: `above the limit of ${formatNumber(limit['max'])}` };
}

function marked(period: Readonly<Record<string, unknown>>): BilingualText {
  const mark = part(period['mark']);
  if (mark['state'] === undefined) return { zh: '', en: '' };
  return {
    zh: `该时段由 ${text(mark['by'])} 于 ${formatWhen(mark['declaredAt'])} 标记为 ${text(mark['state'])}，予以豁免。`,
    en: ` ${text(mark['by'])} declared it ${text(mark['state'])} at ${formatWhen(mark['declaredAt'])}, which excuses it.`,
  };
}

export function explainLimit(evidence: Evidence, words: Words): BilingualText {
  const limit = part(evidence['limit']);
  const periods = list(evidence[words.list]);
  const first = periods[0] ?? {};
  const over = bound(limit);
  const source =
    limit['source'] === undefined
      ? { zh: '', en: '' }
      : { zh: `（依据 ${text(limit['source'])}）`, en: ` (${text(limit['source'])})` };
  const worst = formatNumber(evidence['worst']);
  const converted = first['converted'] === undefined ? { zh: '实测', en: 'measured' } : { zh: '折算', en: 'converted' };
  const least =
    evidence['lowerBound'] === true
      ? { zh: '（下限值，实际只会更高）', en: ' (a lower bound: the true value can only be higher)' }
      : { zh: '', en: '' };
  const excuse = marked(first);
  return {
    zh: `自 ${formatWhen(first['start'])} 起连续 ${periods.length} 个${words.zh}的${converted.zh}均值${over.zh}，最不利值 ${worst}${least.zh}。限值周期 ${text(limit['average'])}${source.zh}。${excuse.zh}`,
    en: `From ${formatWhen(first['start'])}, ${countInRow(periods.length, words.en)} had a ${converted.en} mean ${over.en}, the worst ${worst}${least.en}. The limit is set on ${text(limit['average'])}${source.en}.${excuse.en}`,
  };
}
