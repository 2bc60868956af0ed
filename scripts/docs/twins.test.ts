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
  expect(twinProblems(new Map([['docs/guide.zh-CN.md', TWIN]]))).toEqual([
    'docs/guide.zh-CN.md: docs/guide.md is missing',
  ]);
});

it('lets a page in one language be', () => {
  expect(twinProblems(new Map([['docs/guide.md', PAGE]]))).toEqual([]);
});
