/**
 * A dead letter as a text column can hold it: SQLite's driver ends a text at its first NUL. Nothing of the payload may
 * be lost, so it is kept in base64 then; what is said about it shows the symbol of the character.
 */
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';

const NUL = '\0';
const SYMBOL_OF_NUL = '\u2400';

export function storableLetter(letter: DeadLetter): DeadLetter {
  const { detail, topic, payload, encoding } = letter;
  if (![detail, topic, payload].some((text) => text.includes(NUL))) return letter;
  const isBinary = encoding === 'utf8' && payload.includes(NUL);
  return {
    ...letter,
    detail: detail.replaceAll(NUL, SYMBOL_OF_NUL),
    topic: topic.replaceAll(NUL, SYMBOL_OF_NUL),
    ...(isBinary ? { payload: Buffer.from(payload, 'utf8').toString('base64'), encoding: 'base64' as const } : {}),
  };
}
