/** Which of the formats that a resource can give the reader wants. */
import { Problem } from './problem.ts';

export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';
export const NDJSON_TYPE = 'application/x-ndjson';
export const STREAM_TYPE = 'text/event-stream';
export const ROW_TYPES = [JSON_TYPE, CSV_TYPE, NDJSON_TYPE] as const;

interface Wish {
  readonly type: string;
  readonly weight: number;
}

function readWishes(header: string): Wish[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = Number(
      parameters
        .map((text) => text.trim())
        .find((text) => text.startsWith('q='))
        ?.slice(2) ?? 1,
    );
    return { type: type.trim(), weight: Number.isNaN(weight) ? 0 : weight };
  });
}

/** How exactly a wish names a type: 0 not at all, 1 anything, 2 its group, 3 itself. */
function exactness(wish: string, type: string): number {
  if (wish === type) return 3;
  if (wish === `${type.split('/')[0]}/*`) return 2;
  return wish === '*/*' ? 1 : 0;
}

function weightOf(type: string, wishes: readonly Wish[]): number {
  let best: { exact: number; weight: number } = { exact: 0, weight: 0 };
  for (const { type: wish, weight } of wishes) {
    const exact = exactness(wish, type);
    if (exact > best.exact) best = { exact, weight };
  }
  return best.weight;
}

/**
 * The most wanted of the offered types; the first of them where there is no wish.
 * @throws Problem 406 where none is wanted
 */
export function negotiate(header: string | undefined, offered: readonly string[]): string {
  const [first = JSON_TYPE] = offered;
  if (header === undefined || header.trim() === '') return first;
  const wishes = readWishes(header);
  let best = { type: first, weight: 0 };
  for (const type of offered) {
    const weight = weightOf(type, wishes);
    if (weight > best.weight) best = { type, weight };
  }
  if (best.weight > 0) return best.type;
  const list = offered.join(', ');
  throw new Problem('not-acceptable', {
    detail: { zh: `此资源可返回: ${list}`, en: `this resource can be given as ${list}` },
  });
}
