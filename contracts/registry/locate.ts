/** From paths to lines: done only for files that something is to be said about, for it reads the text once more. */
import { parseEvents, type Event } from 'js-yaml';
import { walkEvents } from './walk-events.ts';

interface Spot {
  readonly children: Map<string | number, Spot>;
  offset: number;
}

const newSpot = (): Spot => ({ children: new Map(), offset: -1 });

/** Line numbers, from 1, of offsets of a text. */
export function createLineIndex(text: string): (offset: number) => number {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** JSON may hold what YAML refuses, such as a control character: its problems are told without lines, not lost. */
function eventsOf(text: string): readonly Event[] {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

/**
 * The line of each path: of its key, or of the item of a list. What is not there (a missing key, the inside of an
 * alias) gets the line of what would hold it. One pass over the text for all paths of a file.
 */
export function locateLines(text: string, paths: readonly (readonly (string | number)[])[]): readonly number[] {
  const top = newSpot();
  for (const path of paths) {
    let spot = top;
    for (const key of path) {
      let child = spot.children.get(key);
      if (child === undefined) spot.children.set(key, (child = newSpot()));
      spot = child;
    }
  }
  walkEvents<Spot>(text, eventsOf(text), top, (within, key, offset) => {
    const spot = within.children.get(key);
    if (spot !== undefined && offset >= 0) spot.offset = offset;
    return spot;
  });
  const lineOf = createLineIndex(text);
  return paths.map((path) => {
    let spot: Spot | undefined = top;
    let offset = 0;
    for (const key of path) {
      spot = spot?.children.get(key);
      if (spot !== undefined && spot.offset >= 0) offset = spot.offset;
    }
    return lineOf(offset);
  });
}
