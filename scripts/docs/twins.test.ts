import { expect, it } from 'vitest';
import { twinProblems } from './twins.ts';

const PAGE =
  '# Title\n\n![picture](a.png)\n\n## First\n\n```sh\n# a comment, no heading\nnpm start\n```\n\n### Detail\n';
const TWIN = '# 标题\n\n![图](a.zh.png)\n\n## 一\n\n```sh\n# 注释\nnpm start\n```\n\n### 细节\n';
const problemsOf = (twin: string): readonly string[] =>
  twinProblems(
    new Map([
      ['README.md', PAGE],
      ['README.zh-CN.md', twin],
    ]),
  );

it('is content with twins of the same shape', () => {
  expect(problemsOf(TWIN)).toEqual([]);
});

it.each([
  ['a heading', '## 一', '', 'headings of the second level'],
  ['a deeper heading', '### 细节', '', 'headings of deeper levels'],
  ['a picture', '![图](a.zh.png)', '', 'pictures'],
  ['a code block', '```sh\n# 注释\nnpm start\n```', '', 'code blocks'],
])('refuses a twin without %s', (_, part, replacement, what) => {
  const [problem, ...others] = problemsOf(TWIN.replace(part, replacement));
  expect(problem).toContain(`README.md has 1 ${what}, README.zh-CN.md has 0`);
  expect(others).toEqual([]);
});

it('asks for the twin of the README, and for the original of a twin', () => {
  expect(twinProblems(new Map([['README.md', PAGE]]))).toEqual(['README.md: README.zh-CN.md is missing']);
  expect(twinProblems(new Map([['deploy/guide.zh-CN.md', TWIN]]))).toEqual([
    'deploy/guide.zh-CN.md: deploy/guide.md is missing',
  ]);
});

it.each(['README.md', 'tutorial/a.md', 'how-to/a.md', 'explanation/a.md'])(
  'asks for docs/%s in both languages',
  (path) => {
    const [english, chinese] = [`docs/${path}`, `docs/zh/${path}`];
    expect(twinProblems(new Map([[english, PAGE]]))).toEqual([`${english}: ${chinese} is missing`]);
    expect(twinProblems(new Map([[chinese, TWIN]]))).toEqual([`${chinese}: ${english} is missing`]);
    const both = (twin: string): ReadonlyMap<string, string> =>
      new Map([
        [english, PAGE],
        [chinese, twin],
      ]);
    expect(twinProblems(both(TWIN))).toEqual([]);
    expect(twinProblems(both('# 标题\n'))[0]).toContain(`${english} has 1 headings of the second level, ${chinese}`);
  },
);

it('lets a page in one language be where it is a record or a reference, but not a Chinese one alone', () => {
  expect(twinProblems(new Map([['docs/decisions/0001-a.md', PAGE]]))).toEqual([]);
  expect(twinProblems(new Map([['docs/reference/guide.md', PAGE]]))).toEqual([]);
  expect(twinProblems(new Map([['docs/zh/reference/guide.md', TWIN]]))).toEqual([
    'docs/zh/reference/guide.md: docs/reference/guide.md is missing',
  ]);
});
