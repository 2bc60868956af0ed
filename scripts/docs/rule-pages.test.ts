import { describe, expect, it } from 'vitest';
import { RULES } from '../../detect/rules/index.ts';
import { formatSetting } from './format-setting.ts';
import { rulePages, withHead } from './rule-pages.ts';
import { rulesPage } from './rules-page.ts';

describe('the pages of rules', () => {
  it('gives each rule a page', async () => {
    const files = await rulePages.generate();
    expect([...files.keys()].sort()).toEqual(RULES.map(({ id }) => `docs/rules/${id}.md`).sort());
  });

  it.each(['docs/rules/README.md', 'docs/zh/rules/README.md'])('%s has each rule once', async (path) => {
    const text = (await rulesPage.generate()).get(path) ?? '';
    const ids = [...text.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, id]) => id);
    expect(ids.sort()).toEqual(RULES.map(({ id }) => id).sort());
  });

  it('leaves what stands below the head alone', () => {
    const page = '<!-- generated -->\nold\n<!-- /generated -->\n\n## By hand\n';
    expect(withHead(page, '<!-- generated -->\nnew\n<!-- /generated -->')).toBe(page.replace('old', 'new'));
    expect(withHead('## By hand\n', 'head')).toBe('head\n## By hand\n');
  });

  it.each([
    [600_000, 'ms', '600000 (10 min)'],
    [5_400_000, 'ms', '5400000 (90 min)'],
    [86_400_000, 'ms', '86400000 (1 d)'],
    [4, 'h', '4 h'],
    [0.001, '1/d', '0.001 1/d'],
    [10, '1', '10'],
  ])('%d %s is written %s', (value, unit, expected) => {
    expect(formatSetting(value, unit)).toBe(expected);
  });
});
