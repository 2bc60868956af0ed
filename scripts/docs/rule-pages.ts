/** `docs/rules/`: the head of each rule's page; what stands below it is by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../detect/rules/index.ts';
import type { Parameter, RuleFacts } from '../../detect/rules/rule.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { formatSetting } from './format-setting.ts';
import { cell } from './generated-note.ts';

const BEGIN = '<!-- generated -->';
const END = '<!-- /generated -->';
const ROOT = join(import.meta.dirname, '../..');

/** What a new page is to hold by hand. */
const BODY = `
## A true case

## A false case

## What to check first

## How to dismiss it properly
`;

function parameterRow({ name, unit, default: value, minimum, maximum, help, source }: Parameter): string {
  const bounds = `${formatSetting(minimum, unit)} – ${formatSetting(maximum, unit)}`;
  return `| \`${name}\` | ${formatSetting(value, unit)} | ${bounds} | ${cell(help)} | ${cell(source)} |`;
}

function parameterPart({ id, parameters }: RuleFacts): readonly string[] {
  const [first] = parameters;
  if (first === undefined) return ['It has no parameters.'];
  return [
    '| parameter | default | allowed | what it is | why so |',
    '| --- | --- | --- | --- | --- |',
    ...parameters.map(parameterRow),
    '',
    `A site's own value stands in the registry: \`rules: {${id}: {${first.name}: ${String(first.default)}}}\`. Durations are in milliseconds.`,
  ];
}

function headOf(rule: RuleFacts): string {
  return [
    BEGIN,
    `# ${rule.id} · ${rule.title.zh} · ${rule.title.en}`,
    '',
    `${rule.summary.zh} ${rule.summary.en}`,
    '',
    `Version ${String(rule.version)}, severity ${rule.severities.join(', ')}.`,
    '',
    '**Basis**',
    '',
    ...rule.basis.map(({ document, clause }) => `- ${document}: ${clause}`),
    '',
    '**Parameters**',
    '',
    ...parameterPart(rule),
    '',
    '**Where it is blind or wrong**',
    '',
    ...rule.limits.map(({ zh, en }) => `- ${en} ${zh}`),
    END,
  ].join('\n');
}

/** The page with its head as the rule says it now. */
export function withHead(page: string | undefined, head: string): string {
  if (page === undefined) return `${head}\n${BODY}`;
  const end = page.indexOf(END);
  return head + (end < 0 ? `\n${page}` : page.slice(end + END.length));
}

export const rulePages: DocsGenerator = {
  name: 'pages of rules',
  generate: () => {
    const files = new Map<string, string>();
    for (const rule of RULES) {
      const path = `docs/rules/${rule.id}.md`;
      const at = join(ROOT, path);
      files.set(path, withHead(existsSync(at) ? readFileSync(at, 'utf8') : undefined, headOf(rule)));
    }
    return files;
  },
};
