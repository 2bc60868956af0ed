/** Rules: what is looked for, on what basis, with which parameters, and where each is blind. */
import { Type } from 'typebox';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { noSuch } from '../http/problem.ts';
import { component, pageOf } from '../shapes.ts';

const TAG = 'rules';
const COLUMNS = [
  'id',
  'version',
  'category',
  'title.zh',
  'title.en',
  'summary.zh',
  'summary.en',
  'severities',
  'basis',
  'parameters',
  'limits',
];

export const RULE_EXAMPLE: RuleEntry = {
  id: 'falsification.frozen',
  version: 1,
  category: 'falsification',
  title: { zh: '数值长时间不变', en: 'The value does not move' },
  summary: {
    zh: '运行期间数值长时间保持不变。',
    en: 'The instrument reports the same value for longer than a working one can.',
  },
  severities: ['high'],
  basis: [{ document: '刑法', clause: '第三百三十八条' }],
  parameters: [
    {
      name: 'minutes',
      unit: 'min',
      default: 30,
      minimum: 5,
      maximum: 1_440,
      help: 'shortest duration',
      source: 'contract',
    },
  ],
  limits: [{ zh: '停运时不判断。', en: 'It is blind while the plant stands still.' }],
};

export function ruleEndpoints({ readModel }: ApiDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/rules',
      operation: 'listRules',
      tag: TAG,
      summary: 'Every rule',
      types: ROW_TYPES,
      success: {
        status: 200,
        description: 'the rules',
        schema: pageOf(component('rule')),
        example: { items: [RULE_EXAMPLE], next: null },
      },
      answer: async () => rows({ items: await readModel.rules(), next: null, columns: COLUMNS }),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/rules/:id',
      operation: 'getRule',
      tag: TAG,
      summary: 'One rule',
      params: Type.Object({ id: Type.String({ examples: [RULE_EXAMPLE.id] }) }),
      success: { status: 200, description: 'the rule', schema: component('rule'), example: RULE_EXAMPLE },
      problems: ['not-found'],
      answer: async ({ params }) => {
        const rule = (await readModel.rules()).find(({ id }) => id === params.id);
        if (rule === undefined) throw noSuch('规则', 'rule', params.id);
        return json(rule);
      },
    }),
  ];
}
