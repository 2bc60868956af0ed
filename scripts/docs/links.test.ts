import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anchorsOf, linkProblems, linkTargets } from './links.ts';

describe('linkTargets', () => {
  it.each([
    ['[a](b.md)', ['b.md']],
    ['[a](b.md "title") and ![c](d.png)', ['b.md', 'd.png']],
    ['[a](<b.md>)', ['b.md']],
    ['[![a](b.svg)](c.md)', ['b.svg', 'c.md']],
    ['[a]: b.md', ['b.md']],
    ['<img alt="" src="b.png">', ['b.png']],
    ['<a href="b.md#c">c</a>', ['b.md#c']],
    ['`[a](b.md)`', []],
    ['```\n[a](b.md)\n```', []],
    ['<!-- [a](b.md) -->', []],
  ])('%j has the targets %j', (markdown, targets) => {
    expect(linkTargets(markdown)).toEqual(targets);
  });
});

it('a heading gives an anchor as on the page: case, punctuation, Chinese, repetition', () => {
  const anchors = anchorsOf(
    '# Rules, in short\n## 规则（一）\n## `limit.hour`\n## Same\n## Same\n```\n# no heading\n```\n<a id="own"></a>',
  );
  expect([...anchors]).toEqual(['own', 'rules-in-short', '规则一', 'limithour', 'same', 'same-1']);
});

describe('linkProblems', () => {
  function problemsOf(text: string): readonly string[] {
    const root = mkdtempSync(join(tmpdir(), 'links-'));
    onTestFinished(() => {
      rmSync(root, { recursive: true });
    });
    const pages = new Map([
      ['README.md', text],
      ['GUIDE.md', '# Guide\n## First step'],
    ]);
    for (const [path, page] of pages) writeFileSync(join(root, path), page);
    return linkProblems(root, pages);
  }

  it.each([
    '[a](GUIDE.md)',
    '[a](./GUIDE.md#first-step)',
    '[a](/GUIDE.md)',
    '# Here\n[a](#here)',
    '[a](https://example.org/nowhere)',
    '[a](mailto:someone@example.org)',
  ])('is content with %j', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ['[a](GONE.md)', 'README.md: GONE.md leads nowhere'],
    ['![a](docs/picture.png)', 'README.md: docs/picture.png leads nowhere'],
    ['[a](../outside.md)', 'README.md: ../outside.md leads nowhere'],
    ['[a](GUIDE.md#second-step)', 'README.md: GUIDE.md#second-step: GUIDE.md has no heading #second-step'],
    ['[a](#nowhere)', 'README.md: #nowhere: README.md has no heading #nowhere'],
  ])('refuses %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});
