/** Pages that are made in both languages: `docs/…` in English, `docs/zh/…` in Chinese. */
export type Language = 'en' | 'zh';

/** Gives the text of the language that the page is in. */
export type Say = (en: string, zh: string) => string;

export const sayIn =
  (language: Language): Say =>
  (en, zh) =>
    language === 'en' ? en : zh;

/**
 * One page in both languages.
 * @param path below `docs/`, e.g. `reference/signals.md`
 */
export function inBothLanguages(path: string, page: (say: Say) => string): ReadonlyMap<string, string> {
  return new Map([
    [`docs/${path}`, page(sayIn('en'))],
    [`docs/zh/${path}`, page(sayIn('zh'))],
  ]);
}

/** Chinese by the English that stands in the code; what has no Chinese yet stays English, and a test names it. */
export type Catalogue = Readonly<Record<string, string>>;

export function translated(say: Say, english: string, catalogue: Catalogue): string {
  return say(english, Object.hasOwn(catalogue, english) ? (catalogue[english] ?? english) : english);
}

/** Of fields by their path: Chinese, and English where the schema has none or speaks of the form alone. */
export type FieldWords = Readonly<Record<string, readonly [zh: string, en?: string]>>;

/** From a generated page to the same page in the other language; stands in the Chinese one, as on pages by hand. */
export function originalLink(say: Say, path: string): string {
  const up = '../'.repeat(path.split('/').length);
  return say('', `（[English](${up}${path})）`);
}
