/** A page and its twin in the other language: the same headings, code blocks and pictures, in number. */
import { linkTargets, withoutCode } from './links.ts';

const PICTURE = /[.](png|jpe?g|gif|svg|webp)$/i;
const CHINESE = 'docs/zh/';
/** What a person reads from top to bottom is there in both languages; so are the tables of contents. */
const IN_BOTH = /^(README|docs[/]README|docs[/](tutorial|how-to|explanation)[/].+)[.]md$/;

const COUNTED = {
  'headings of the first level': (text: string) => withoutCode(text).match(/^# /gm),
  'headings of the second level': (text: string) => withoutCode(text).match(/^## /gm),
  'headings of deeper levels': (text: string) => withoutCode(text).match(/^#{3,6} /gm),
  'code blocks': (text: string) => text.match(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm),
  pictures: (text: string) => linkTargets(text).filter((target) => PICTURE.test(target)),
} as const;

/** Where the Chinese of an English page stands: below `docs/` in a folder of its own, else beside it. */
function twinOf(path: string): string {
  return path.startsWith('docs/') ? path.replace('docs/', CHINESE) : path.replace(/[.]md$/, '.zh-CN.md');
}

/** The English page of a Chinese one. */
function originalOf(path: string): string | undefined {
  if (path.startsWith(CHINESE)) return path.replace(CHINESE, 'docs/');
  return path.endsWith('.zh-CN.md') ? path.replace('.zh-CN.md', '.md') : undefined;
}

/**
 * `docs/zh/…` is the twin of `docs/…`, and `PAGE.zh-CN.md` that of `PAGE.md` elsewhere. Every Chinese page has an
 * original; the README, the table of contents and each tutorial, how-to and explanation have a twin.
 */
export function twinProblems(pages: ReadonlyMap<string, string>): readonly string[] {
  const originals = new Set<string>();
  for (const path of pages.keys()) {
    const original = originalOf(path);
    if (original !== undefined) originals.add(original);
    else if (IN_BOTH.test(path)) originals.add(path);
  }
  return [...originals].flatMap((path) => compare(pages, path, twinOf(path)));
}

function compare(pages: ReadonlyMap<string, string>, path: string, twinPath: string): readonly string[] {
  const text = pages.get(path);
  const twin = pages.get(twinPath);
  if (text === undefined) return [`${twinPath}: ${path} is missing`];
  if (twin === undefined) return [`${path}: ${twinPath} is missing`];
  return Object.entries(COUNTED)
    .map(([what, count]) => ({ what, here: count(text)?.length ?? 0, there: count(twin)?.length ?? 0 }))
    .filter(({ here, there }) => here !== there)
    .map(({ what, here, there }) => `${path} has ${here} ${what}, ${twinPath} has ${there}`);
}
