/** A page and its twin in the other language: the same headings, code blocks and pictures, in number. */
import { linkTargets, withoutCode } from './links.ts';

const PICTURE = /[.](png|jpe?g|gif|svg|webp)$/i;

const COUNTED = {
  'headings of the first level': (text: string) => withoutCode(text).match(/^# /gm),
  'headings of the second level': (text: string) => withoutCode(text).match(/^## /gm),
  'headings of deeper levels': (text: string) => withoutCode(text).match(/^#{3,6} /gm),
  'code blocks': (text: string) => text.match(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm),
  pictures: (text: string) => linkTargets(text).filter((target) => PICTURE.test(target)),
} as const;

/** `README.zh-CN.md` is the twin of `README.md`, anywhere; the README at the top must have one. */
export function twinProblems(pages: ReadonlyMap<string, string>): readonly string[] {
  const paths = [...pages.keys()];
  const twins = paths.filter((path) => path.endsWith('.zh-CN.md'));
  const originals = new Set(twins.map((path) => path.replace('.zh-CN.md', '.md')));
  if (pages.has('README.md')) originals.add('README.md');
  return [...originals].flatMap((path) => compare(pages, path, path.replace(/[.]md$/, '.zh-CN.md')));
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
