/** `docs/rules/`: the head of each rule's page and the table of all of them; what stands below a head is by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { RULES } from '../../detect/rules/index.ts';
import type { Parameter, RuleFacts } from '../../detect/rules/rule.ts';
import { cell } from './generated-note.ts';
import type { DocsGenerator } from './docs-generator.ts';

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

const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [1_000, 's'],
];

/** `600000 (10 min)`: as the registry wants it, and as people read it. */
export function formatSetting(value: number, unit: string): string {
  if (unit !== 'ms') return `${String(value)}${unit === '1' ? '' : ` ${unit}`}`;
  const [size, name] = UNITS.find(([candidate]) => value >= candidate && value % candidate === 0) ?? [1, 'ms'];
  return `${String(value)} (${String(value / size)} ${name})`;
}

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

function indexPage(): string {
  const rows = RULES.map(
    ({ id, title, summary, severities }) =>
      `| [${id}](${id}.md) | ${title.zh} ${title.en} | ${cell(summary.en)} | ${severities.join(', ')} |`,
  );
  return [
    BEGIN,
    '# Rules',
    '',
    'What a rule finds is a suspicion (线索) for an inspector, never a verdict. Each page says what the rule looks at, when it is wrong, and how to close what was nothing.',
    '',
    '| rule | | what it says | severity |',
    '| --- | --- | --- | --- |',
    ...rows,
    END,
    '',
  ].join('\n');
}

export const rulePages: DocsGenerator = {
  name: 'pages of rules',
  generate: () => {
    const files = new Map([['docs/rules/README.md', indexPage()]]);
    for (const rule of RULES) {
      const path = `docs/rules/${rule.id}.md`;
      const at = join(ROOT, path);
      files.set(path, withHead(existsSync(at) ? readFileSync(at, 'utf8') : undefined, headOf(rule)));
    }
    return files;
  },
};
