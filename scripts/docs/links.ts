/** Links between the pages: each leads to a file that is there, and to a heading that it has. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const FENCE = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm;
const INLINE_CODE = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;
const TARGETS = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g,
  /^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/gm,
  /<(?:a|img|source|picture)\b[^>]*?\b(?:href|src|srcset)\s*=\s*["']([^"'\s]+)["']/g,
];
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** The text without code, where brackets are not links. */
export function withoutCode(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(FENCE, '')
    .replace(INLINE_CODE, '');
}

/** Link and image targets of a page, in order of kind: inline, reference, HTML. */
export function linkTargets(markdown: string): readonly string[] {
  const text = withoutCode(markdown);
  return TARGETS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, target = '']) => target));
}

/** The anchor that a heading gets on the page: lower case, no punctuation, `-` for each space. */
const toAnchor = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .trim()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** All anchors of a page; the second heading of one text gets `-1`, and so on. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set([...markdown.matchAll(/\b(?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  const times = new Map<string, number>();
  for (const [, heading = ''] of markdown.replace(FENCE, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = toAnchor(heading);
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    anchors.add(before === 0 ? anchor : `${anchor}-${before}`);
  }
  return anchors;
}

/** Problems of the links of all `pages` (text by path) of the project in `root`. Links to other sites are not looked at. */
export function linkProblems(root: string, pages: ReadonlyMap<string, string>): readonly string[] {
  const problemOf = (page: string, target: string): string | undefined => {
    if (ELSEWHERE.test(target)) return undefined;
    const [path = '', anchor = ''] = decodeURIComponent(target).split('#', 2);
    const file =
      path === '' ? page : normalize(join(path.startsWith('/') ? '' : dirname(page), path)).replace(/^\//, '');
    if (file.startsWith('..') || !existsSync(join(root, file))) return `${page}: ${target} leads nowhere`;
    const text = pages.get(file);
    if (anchor === '' || text === undefined || anchorsOf(text).has(anchor)) return undefined;
    return `${page}: ${target}: ${file} has no heading #${anchor}`;
  };
  return [...pages].flatMap(([page, text]) =>
    linkTargets(text)
      .map((target) => problemOf(page, target))
      .filter((problem) => problem !== undefined),
  );
}
