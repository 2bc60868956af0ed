/** Time ranges of queries. */
import { parseInstant } from '../contracts/time/instant.ts';
import { Problem } from './http/problem.ts';

export interface Range {
  readonly fromAt: number;
  readonly toAt: number;
}

/**
 * [from, to) in epoch ms; `to` absent = now.
 * @param texts instants that the query reader has checked
 * @throws Problem 400 where the range is empty
 */
export function readRange(texts: { readonly from: string; readonly to?: string }, now: number): Range {
  const fromAt = parseInstant(texts.from);
  const toAt = texts.to === undefined ? now : parseInstant(texts.to);
  if (fromAt < toAt) return { fromAt, toAt };
  const shown = texts.to ?? 'now';
  const detail = {
    zh: `to (${shown}) 必须晚于 from (${texts.from})`,
    en: `\`to\` (${shown}) must be later than \`from\` (${texts.from})`,
  };
  throw new Problem('query-invalid', { detail, errors: [{ pointer: 'to', detail }] });
}

/** Either end may be absent. @throws Problem 400 where both are there and the range is empty */
export function readOpenRange(texts: { readonly from?: string; readonly to?: string }): {
  readonly fromAt?: number;
  readonly toAt?: number;
} {
  if (texts.from !== undefined && texts.to !== undefined)
    return readRange({ from: texts.from, to: texts.to }, Number.NaN);
  return {
    ...(texts.from === undefined ? {} : { fromAt: parseInstant(texts.from) }),
    ...(texts.to === undefined ? {} : { toAt: parseInstant(texts.to) }),
  };
}
