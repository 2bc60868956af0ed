import { describe, expect, it } from 'vitest';
import { InputError } from '../contracts/errors.ts';
import type { PageRequest } from '../contracts/ports/read-model.ts';
import { coarserEvery } from './coarser-every.ts';
import { chain, keepOnly, pageByKey, type Source } from './pages.ts';

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const source =
  (items: readonly number[]): Source<number> =>
  async ({ limit, cursor }: PageRequest) => {
    const start = Number(cursor ?? 0);
    const end = start + limit;
    return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
  };

/** Every item of a source, page by page. */
async function readAll<T>(from: Source<T>, limit: number): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await from(cursor === undefined ? { limit } : { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    all.push(...page.items);
    if (page.next === null) return all;
    cursor = page.next;
  }
}

describe('pages', () => {
  it.each([1, 2, 3, 7, 100])('of %i items of a list at hand hold each item once, in order', async (limit) => {
    const items = ['c', 'a', 'e', 'b', 'd'];
    expect(await readAll(async (request) => pageByKey(items, request, (item) => item), limit)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });
  it('go on behind what was read, whatever was removed meanwhile', () => {
    const first = pageByKey(['a', 'b', 'c'], { limit: 2 }, (item) => item);
    expect(pageByKey(['a', 'c'], { limit: 2, cursor: first.next ?? '' }, (item) => item)).toEqual({
      items: ['c'],
      next: null,
    });
  });
  it.each([1, 2, 3, 5, 50])('of %i items of several sources hold each item once, in order', async (limit) => {
    const chained = chain(source(numbers(0, 3)), source([]), source(numbers(3, 4)), source(numbers(4, 9)));
    expect(await readAll(chained, limit)).toEqual(numbers(0, 9));
  });
  it('refuse a cursor of another list', async () => {
    await expect(chain(source([]))({ limit: 1, cursor: 'zzz' })).rejects.toThrow(InputError);
  });
  it.each([1, 3, 10])('of %i kept items hold each of them once', async (limit) => {
    const odd = keepOnly(source(numbers(0, 100)), (item) => item % 2 === 1);
    expect(await readAll(odd, limit)).toEqual(numbers(0, 100).filter((item) => item % 2 === 1));
  });
  it('read no more than a bounded part of a list of which nothing may be seen', async () => {
    let reads = 0;
    const endless: Source<number> = async ({ cursor = '0' }) => {
      reads += 1;
      return { items: [Number(cursor)], next: String(Number(cursor) + 1) };
    };
    const page = await keepOnly(endless, () => false)({ limit: 10 });
    expect(page.items).toEqual([]);
    expect(page.next).not.toBeNull();
    expect(reads).toBeLessThanOrEqual(20);
  });
});

describe('the roll-up that would do', () => {
  it.each([
    [3_600_000, 10_000, 'PT1S'],
    [30 * 86_400_000, 10_000, 'PT5M'],
    [365 * 86_400_000, 10_000, 'PT1H'],
    [10_000 * 86_400_000, 10_000, 'P1D'],
    [4_000_000 * 86_400_000, 10_000, 'P400D'],
  ])('for %i ms and %i points is %s', (range, most, every) => {
    expect(coarserEvery(range, most)).toBe(every);
  });
});
