/** The two languages that people read our errors in. */

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Our words around a text that exists in one language only, such as the message of a library. */
export const sameText = (text: string): Bilingual => ({ zh: text, en: text });

/**
 * The language an `Accept-Language` header prefers; English where it names neither.
 * @example pickLanguage('fr, zh-CN;q=0.8, en;q=0.5') // 'zh'
 */
export function pickLanguage(header: string | undefined): Language {
  let best: Language = 'en';
  let bestWeight = 0;
  for (const part of (header ?? '').split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = LANGUAGES.find((name) => tag === name || tag.startsWith(`${name}-`));
    const weight = Number(
      parameters
        .map((text) => text.trim())
        .find((text) => text.startsWith('q='))
        ?.slice(2) ?? 1,
    );
    if (language !== undefined && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}
