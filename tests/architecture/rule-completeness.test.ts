import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../scripts/tree.ts';
import { PROJECT } from './planted-tree.ts';

/** What this guard asks of a rule; the full type is detect/core's. */
interface RuleFacts {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly basis: readonly { readonly document: string; readonly clause: string }[];
  readonly limits: readonly { readonly zh: string; readonly en: string }[];
  readonly parameters: readonly { readonly name: string; readonly help: string; readonly source: string }[];
}

const INDEX = join(PROJECT, 'detect/rules/index.ts');
const RULE_FILES = existsSync(join(PROJECT, 'detect/rules'))
  ? listFiles(join(PROJECT, 'detect/rules'), (path) => path.endsWith('.ts'))
  : [];

async function loadRules(): Promise<readonly RuleFacts[]> {
  if (!existsSync(INDEX)) return [];
  const module = (await import(pathToFileURL(INDEX).href)) as { readonly RULES: readonly RuleFacts[] };
  return module.RULES;
}

const RULES = await loadRules();
const isEmpty = (text: string | undefined): boolean => text === undefined || text.trim() === '';
/** The rules that fail a question, by id: the message of a failing test names them. */
const failing = (fails: (rule: RuleFacts) => boolean): readonly string[] => RULES.filter(fails).map(({ id }) => id);

describe('every rule is complete', () => {
  beforeEach((context) => {
    if (!existsSync(INDEX)) context.skip('detect/rules/index.ts is not there yet');
  });

  it('there are rules, and no two have one id', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^(limit|falsification|treatment|order|quality)[.][a-z]+(-[a-z]+)*$/.test(id))).toEqual(
      [],
    );
  });

  it('each file of detect/rules has its test beside it', () => {
    const sources = RULE_FILES.filter((path) => !path.endsWith('.test.ts') && path !== 'index.ts');
    expect(sources.filter((path) => !RULE_FILES.includes(path.replace(/[.]ts$/, '.test.ts')))).toEqual([]);
  });

  it('each has a page in docs/rules', () => {
    expect(failing(({ id }) => !existsSync(join(PROJECT, 'docs/rules', `${id}.md`)))).toEqual([]);
  });

  it('each page in docs/rules has a rule', () => {
    const pages = existsSync(join(PROJECT, 'docs/rules'))
      ? listFiles(join(PROJECT, 'docs/rules'), (path) => path.endsWith('.md'))
      : [];
    const known = new Set(['README.md', ...RULES.map(({ id }) => `${id}.md`)]);
    expect(pages.filter((page) => !known.has(page))).toEqual([]);
  });

  it('each names its basis: document and clause', () => {
    expect(
      failing(
        ({ basis }) => basis.length === 0 || basis.some(({ document, clause }) => isEmpty(document) || isEmpty(clause)),
      ),
    ).toEqual([]);
  });

  it('each says in both languages when it is blind or wrong', () => {
    expect(
      failing(({ limits }) => limits.length === 0 || limits.some(({ zh, en }) => isEmpty(zh) || isEmpty(en))),
    ).toEqual([]);
  });

  it('each has its title in both languages', () => {
    expect(failing(({ title }) => isEmpty(title.zh) || isEmpty(title.en))).toEqual([]);
  });

  it('each parameter has a help text and the source of its default', () => {
    expect(
      failing(({ parameters }) => parameters.some(({ help, source }) => isEmpty(help) || isEmpty(source))),
    ).toEqual([]);
  });
});
