/** Pages put together: of several sources, of lists in memory, of what a caller may see. */
import { InputError } from '../contracts/errors.ts';
import type { Page, PageRequest } from '../contracts/ports/read-model.ts';
import { DEFAULT_LIMIT } from './shapes.ts';

export function pageRequest(query: { readonly limit?: number; readonly cursor?: string }): PageRequest {
  const limit = query.limit ?? DEFAULT_LIMIT;
  return query.cursor === undefined ? { limit } : { limit, cursor: query.cursor };
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/**
 * A page of a list that is at hand, in ascending order of its key.
 * Stable: a page begins behind the last key of the page before, whatever has come or gone since.
 */
export function pageByKey<T>(items: readonly T[], request: PageRequest, keyOf: (item: T) => string): Page<T> {
  const after = request.cursor === undefined ? undefined : decode(request.cursor);
  const sorted = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, request.limit);
  const last = page.at(-1);
  return { items: page, next: rest.length > page.length && last !== undefined ? encode(keyOf(last)) : null };
}

export type Source<T> = (request: PageRequest) => Promise<Page<T>>;

/** Pages of a source read for one answer at most, where most of what it holds may not be seen. */
const MOST_READS = 20;

/** What of a source passes `keep`; a page may hold fewer items than asked for and still have a next one. */
export function keepOnly<T>(source: Source<T>, keep: (item: T) => boolean): Source<T> {
  return async ({ limit, cursor }) => {
    const items: T[] = [];
    let next: string | null | undefined = cursor;
    for (let reads = 0; reads < MOST_READS && items.length < limit && next !== null; reads += 1) {
      const rest: number = limit - items.length;
      const page: Page<T> = await source(next === undefined ? { limit: rest } : { limit: rest, cursor: next });
      items.push(...page.items.filter(keep));
      next = page.next;
    }
    return { items, next: next ?? null };
  };
}

/** One source after the other; a cursor says which source it belongs to. */
export function chain<T>(...sources: readonly Source<T>[]): Source<T> {
  return async ({ limit, cursor }) => {
    const [place = '0', ...rest] = cursor === undefined ? [] : decode(cursor).split(':');
    let index = Number(place);
    let inner = rest.length === 0 ? undefined : rest.join(':');
    if (!Number.isInteger(index) || index < 0 || index >= sources.length) {
      throw new InputError('`cursor` is none of this list; use `next` of the page before');
    }
    const items: T[] = [];
    for (; index < sources.length; index += 1, inner = undefined) {
      const source = sources[index];
      if (source === undefined) break;
      if (items.length === limit) return { items, next: encode(`${index}`) };
      const asked = { limit: limit - items.length };
      const page = await source(inner === undefined ? asked : { ...asked, cursor: inner });
      items.push(...page.items);
      if (page.next !== null) return { items, next: encode(`${index}:${page.next}`) };
    }
    return { items, next: null };
  };
}
