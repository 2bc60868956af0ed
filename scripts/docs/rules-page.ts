/** The table of all rules, by category, in both languages; each rule's own page is made by `rule-pages.ts`. */
import { CATEGORIES, type Category, type Severity } from '../../contracts/finding.ts';
import { RULE_IDS } from '../../contracts/rule-ids.ts';
import { RULES } from '../../detect/rules/index.ts';
import type { Parameter, RuleFacts } from '../../detect/rules/rule.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { formatSetting } from './format-setting.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, type Say } from './language.ts';

type Both = readonly [en: string, zh: string];

const CATEGORY_WORDS: Readonly<Record<Category, Both>> = {
  exceedance: ['Exceedance', '超标'],
  falsification: ['Falsification', '造假'],
  treatment: ['Treatment', '治污'],
  order: ['Orders', '管控'],
  quality: ['Quality', '数据质量'],
};

const SEVERITY_ZH: Readonly<Record<Severity, string>> = {
  info: '提示',
  low: '低',
  medium: '中',
  high: '高',
  critical: '严重',
};

const setting = ({ name, unit, default: value }: Parameter): string => `\`${name}\` ${formatSetting(value, unit)}`;

function row({ id, title, summary, severities, parameters }: RuleFacts, say: Say): string {
  const link = say(`${id}.md`, `../../rules/${id}.md`);
  const levels = severities.map((severity) => say(severity, `${SEVERITY_ZH[severity]} ${severity}`));
  return [
    '',
    ` [\`${id}\`](${link}) `,
    ` ${say(title.en, title.zh)} `,
    ` ${cell(say(summary.en, summary.zh))} `,
    ` ${levels.join(say(', ', '、'))} `,
    ` ${cell(parameters.map(setting).join('<br>'))} `,
    '',
  ].join('|');
}

function part(category: Category, say: Say): string {
  const rules = RULES.filter((rule) => rule.category === category);
  const head = say(
    '| rule | finds | what it says | severity | parameters |',
    '| 规则 | 线索 | 含义 | 严重程度 | 参数 |',
  );
  const table = [head, '| --- | --- | --- | --- | --- |', ...rules.map((rule) => row(rule, say))].join('\n');
  return `## ${say(...CATEGORY_WORDS[category])}\n\n${table}\n`;
}

const INTRODUCTION = [
  'What a rule finds is a suspicion (线索) for an inspector, never a verdict. Each page says what the rule looks at, on what it is based, when it is blind or wrong, and how to close what was nothing. Parameters stand with their defaults; a site’s own go into the registry (`rules: {treatment.off: {durationMs: 900000}}`), and the same is told at `GET /api/v1/rules`.',
  '规则给出的是供核查的线索，不是结论。每页说明规则看什么、依据是什么、何时看不到或会误判、如何妥善关闭（规则页中英对照，实例为英文）。参数列出默认值；企业自己的取值写在登记册中（`rules: {treatment.off: {durationMs: 900000}}`）。接口 `GET /api/v1/rules` 给出同样的内容。',
] as const;

function kept(say: Say): string {
  const made = new Set(RULES.map(({ id }) => id));
  const others = RULE_IDS.filter((id) => !made.has(id)).map((id) => `\`${id}\``);
  if (others.length === 0) return '';
  return `\n${say('Ids kept for rules that this version does not have: ', '为以后的规则保留的编号：')}${others.join(say(', ', '、'))}${say('.', '。')}\n`;
}

function page(say: Say): string {
  return `${generatedNote('detect/rules')}
# ${say('Rules', '规则')}

${say(...INTRODUCTION)}${originalLink(say, 'rules/README.md')}

${CATEGORIES.map((category) => part(category, say)).join('\n')}${kept(say)}`;
}

export const rulesPage: DocsGenerator = {
  name: 'table of rules',
  generate: () => inBothLanguages('rules/README.md', page),
};
