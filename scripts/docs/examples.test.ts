/** What a reader copies out of the pages has to work: registries, reports, orders, marks, scenarios. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MarkSchema, OrderSchema } from '../../contracts/order.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import { ReportSchema } from '../../contracts/report.ts';
import { readScenario } from '../../simulators/read-scenario-file.ts';
import { listFiles } from '../tree.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDES = /^docs[/](zh[/])?(tutorial|how-to)[/]/;
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const paths = listFiles(join(ROOT, 'docs'), () => true)
  .map((path) => `docs/${path}`)
  .filter((path) => GUIDES.test(path));
const pages = paths.filter((path) => path.endsWith('.md'));

interface Example {
  readonly path: string;
  readonly text: string;
}

function blocks(language: string): readonly Example[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return pages.flatMap((path) => [...read(path).matchAll(fence)].map(([, text = '']) => ({ path, text })));
}

/** Bodies that a command sends: `-d '{…}'` to a path of the API, in shell blocks. */
function posted(resource: string): readonly Example[] {
  const body = new RegExp(`/api/v1/${resource}(?:/\\S+)? -d '({[\\s\\S]*?})'$`, 'gm');
  return blocks('sh').flatMap(({ path, text }) =>
    [...text.matchAll(body)].map(([, json = '']) => ({ path, text: json })),
  );
}

const inBoth = (examples: readonly Example[]): readonly number[] => [
  examples.filter(({ path }) => !path.startsWith('docs/zh/')).length,
  examples.filter(({ path }) => path.startsWith('docs/zh/')).length,
];

describe('the registries of the guides', () => {
  const whole = blocks('yaml').filter(({ text }) => text.includes('version: 1') && text.includes('devices:'));
  const files = paths.filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: read(path) }));

  it('are there in both languages', () => {
    expect(inBoth(whole)).toEqual([1, 1]);
    expect(files.length).toBeGreaterThan(0);
  });

  it.each([...whole, ...files])('the one of $path has no problem and no warning', ({ path, text }) => {
    const { problems, warnings } = readRegistry([{ name: path, text }]);
    expect([...problems, ...warnings]).toEqual([]);
  });
});

const orderSchema = Compile(OrderSchema);
const markSchema = Compile(MarkSchema);

describe.each([
  ['orders', 4, (body: unknown): unknown => orderSchema.Errors(body)],
  ['marks', 1, (body: unknown): unknown => markSchema.Errors(body)],
] as const)('the %s that the guides send', (resource, count, errorsOf) => {
  const examples = posted(resource);

  it('are there in both languages', () => {
    expect(inBoth(examples)).toEqual([count, count]);
  });

  it.each(examples)('fit the schema: $path', ({ text }) => {
    expect(errorsOf(JSON.parse(text))).toEqual([]);
  });
});

describe('the reports that the guides show', () => {
  const schema = Compile(ReportSchema);
  const reports = blocks('json').filter(({ path, text }) => /connect-a-device/.test(path) && text.startsWith('{"ts"'));

  it('are there in both languages', () => {
    expect(inBoth(reports)).toEqual([3, 3]);
  });

  it.each(reports)('fit the schema: $text', ({ text }) => {
    expect(schema.Errors(JSON.parse(text))).toEqual([]);
  });
});

it('the scenario is the same in both languages, and can be played', () => {
  const scenarios = blocks('yaml').filter(({ text }) => text.includes('seed:'));
  expect(inBoth(scenarios)).toEqual([1, 1]);
  expect(new Set(scenarios.map(({ text }) => text)).size).toBe(1);
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'one-kiln.yaml'), scenarios[0]?.text ?? '');
  expect(readScenario(join(folder, 'one-kiln.yaml'), {}).sites.map(({ id }) => id)).toEqual(['demo-kiln']);
});
