/** Where a page of a list ended, as an opaque text: the sort key of its last row. */
import { InputError } from '../../contracts/errors.ts';

const VERSION = 1;

/** An instant and a text that breaks ties, or whatever else a list is sorted by. */
export type SortKey = readonly [number, string | number];

/** @param list name of the list, so that a cursor of another one is refused */
export function writeCursor(list: string, key: SortKey): string {
  return Buffer.from(JSON.stringify([VERSION, list, ...key]), 'utf8').toString('base64url');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw new InputError('The cursor is not one of ours: begin without it.', { cause: error });
  }
}

/**
 * The sort key behind which a page begins; `undefined` for the first page.
 * @throws InputError where the cursor was not written by {@link writeCursor} for this list
 */
export function readCursor(list: string, cursor: string | undefined): SortKey | undefined {
  if (cursor === undefined) return undefined;
  const content = parse(cursor);
  if (Array.isArray(content)) {
    const [version, of, at, tie] = content as unknown[];
    const fits = version === VERSION && of === list && content.length === 4 && typeof at === 'number';
    if (fits && (typeof tie === 'string' || typeof tie === 'number')) return [at, tie];
  }
  throw new InputError(`The cursor does not belong to this list (${list}): begin without it.`);
}
