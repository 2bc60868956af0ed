import { schemaDocument } from '../../api/published-schemas.ts';
import type { DocsGenerator } from './docs-generator.ts';
import { fieldWords } from './field-words.ts';
import { cell, generatedNote } from './generated-note.ts';
import { inBothLanguages, originalLink, type Say } from './language.ts';
import { partsOf, type Field, type JsonSchema, type Part } from './schema-fields.ts';
import { formOf } from './schema-form.ts';

type Both = readonly [en: string, zh: string];

/** The schemas with a table, in the order in which a newcomer meets them. */
export const TABLED: Readonly<Record<string, { readonly title: Both; readonly words: Both }>> = {
  report: {
    title: ['Report', '上报'],
    words: [
      'One message of one device. Over MQTT it stands alone or in an array of up to 1,000. Fields not named here are ignored.',
      '一台设备的一条报文。经 MQTT 单独发送，或放在至多 1,000 条的数组中。此处未列的字段忽略。',
    ],
  },
  registry: {
    title: ['Registry', '登记册'],
    words: [
      'One YAML 1.2 or JSON file, or a folder of them. Unknown keys are errors. *May be dated*: instead of the value a list `[{value, from, to}]`. Times are RFC 3339 with offset, or a date (local midnight); spans are [`from`, `to`).',
      '一个 YAML 1.2 或 JSON 文件，或由其组成的文件夹。未知的键是错误。*可分时段*：可写列表 `[{value, from, to}]` 代替单个值。时间为带时差的 RFC 3339，或日期（当地零点）；时段为 [`from`, `to`)。',
    ],
  },
  order: {
    title: ['Order', '管控令'],
    words: ['In the registry, or through the API.', '写在登记册中，或经接口录入。'],
  },
  mark: {
    title: ['Mark', '标记'],
    words: [
      'In the registry, or through the API. A device declares its own in a report. Without outlet, line and device it speaks of the whole site.',
      '写在登记册中，或经接口录入；设备在上报中自行声明。不写排口、生产线和设备则指整个企业。',
    ],
  },
  finding: {
    title: ['Finding', '线索'],
    words: [
      'What a rule saw. How to read it: [read a finding](../how-to/read-a-finding.md).',
      '规则看到了什么。读法见[读懂线索](../how-to/read-a-finding.md)。',
    ],
  },
  mean: {
    title: ['Mean', '均值'],
    words: [
      'How a period was judged. Why so: [means and limits](../explanation/means-and-limits.md).',
      '一个周期如何判定。缘由见[均值与限值](../explanation/means-and-limits.md)。',
    ],
  },
};

/** The schema as it is published. */
function documentOf(name: string): JsonSchema {
  const document = schemaDocument(name);
  if (document === undefined) throw new Error(`there is no published schema ${name}`);
  return document;
}

/** Parts of a schema that get a table: orders and marks of the registry have sections of their own. */
export function tabledParts(name: string): readonly Part[] {
  return partsOf(documentOf(name)).filter(({ path }) => !/^(orders|marks)\[\]/.test(path));
}

function row(schemaName: string, field: Field, say: Say): string {
  const { name, schema, isRequired } = field;
  const words = fieldWords(schemaName, field);
  const needed = isRequired ? say('yes', '是') : '';
  return `| \`${name}\` | ${cell(formOf(schema, say))} | ${needed} | ${cell(say(...words))} |`;
}

function table(schemaName: string, { path, fields }: Part, say: Say): string {
  const head = `| ${say('field', '字段')} | ${say('form', '形式')} | ${say('required', '必填')} | ${say('meaning', '含义')} |`;
  const rows = fields.map((field) => row(schemaName, field, say));
  const title = path === '' ? '' : `### \`${path}\`\n\n`;
  return `${title}${head}\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function section(name: string, say: Say): string {
  const { title, words } = TABLED[name] ?? { title: [name, name], words: ['', ''] };
  const tables = tabledParts(name).map((part) => table(name, part, say));
  const link = say(`schemas/${name}.json`, `../../reference/schemas/${name}.json`);
  return `## ${say(...title)}\n\n${say(...words)} [\`${name}.json\`](${link})\n\n${tables.join('\n')}`;
}

const INTRODUCTION = [
  'Field by field what stands in the JSON Schemas. They are also served: `GET /api/v1/schemas/{name}`. Beside these: [`file-report.json`](schemas/file-report.json), a report with `site`, `device` and `received`, as in files; [`rule.json`](schemas/rule.json), a rule as the API tells it.',
  '逐字段列出 JSON Schema 的内容；接口也提供：`GET /api/v1/schemas/{name}`。此外还有：[`file-report.json`](../../reference/schemas/file-report.json)，即文件中带 `site`、`device`、`received` 的上报；[`rule.json`](../../reference/schemas/rule.json)，即接口给出的规则。',
] as const;

function page(say: Say): string {
  return `${generatedNote('the JSON Schemas in contracts/')}
# ${say('Schemas', '数据模式')}

${say(...INTRODUCTION)}${originalLink(say, 'reference/schemas.md')}

${Object.keys(TABLED)
  .map((name) => section(name, say))
  .join('\n')}`;
}

export const schemasPage: DocsGenerator = {
  name: 'schemas',
  generate: () => inBothLanguages('reference/schemas.md', page),
};
