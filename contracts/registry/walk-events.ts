/** Where the parts of a YAML text stand, from the parser's own events. */
import { EVENT_ID, getScalarValue, type Event } from 'js-yaml';

/**
 * Called for every entry of a mapping and every item of a list, before what is in it.
 * @param offset where its key stands, or the item itself; -1 for an item that is nothing at all
 * @returns what its own entries are called with; `undefined` = they are of no interest
 */
export type Enter<T> = (within: T, key: string | number, offset: number) => T | undefined;

interface Frame<T> {
  /** `undefined`: nothing in here is of interest. */
  readonly within: T | undefined;
  readonly kind: 'document' | 'mapping' | 'list' | 'complex-key';
  index: number;
  key: string | undefined;
  keyOffset: number;
}

/** Walks the first document of a text once; subtrees of no interest cost a few comparisons an event. */
export function walkEvents<T>(text: string, events: readonly Event[], top: T, enter: Enter<T>): void {
  const frames: Frame<T>[] = [];
  const push = (kind: Frame<T>['kind'], within: T | undefined): void => {
    frames.push({ kind, within, index: 0, key: undefined, keyOffset: -1 });
  };
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      push('document', top);
      continue;
    }
    if (event.type === EVENT_ID.POP) {
      close(frames);
      continue;
    }
    const frame = frames.at(-1);
    if (frame === undefined) return;
    if (frame.kind === 'mapping' && frame.key === undefined) {
      if (isCollection(event)) push('complex-key', undefined);
      else readKey(text, frame, event);
    } else {
      const within = descend(frame, event, enter);
      if (isCollection(event)) push(event.type === EVENT_ID.MAPPING ? 'mapping' : 'list', within);
      else finish(frame);
    }
  }
}

function close<T>(frames: Frame<T>[]): void {
  const closed = frames.pop();
  const parent = frames.at(-1);
  if (parent === undefined) return;
  if (closed?.kind === 'complex-key') parent.key = '';
  else finish(parent);
}

function isCollection(event: Event): boolean {
  return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE;
}

function readKey<T>(text: string, frame: Frame<T>, event: Event): void {
  const scalar = event.type === EVENT_ID.SCALAR ? event : undefined;
  // A key that nobody asks for only needs to be there.
  frame.key = scalar === undefined || frame.within === undefined ? '' : getScalarValue(text, scalar);
  frame.keyOffset = offsetOf(event);
}

function descend<T>(frame: Frame<T>, event: Event, enter: Enter<T>): T | undefined {
  if (frame.within === undefined) return undefined;
  if (frame.kind === 'document') return frame.within;
  if (frame.kind === 'list') return enter(frame.within, frame.index, offsetOf(event));
  return enter(frame.within, frame.key ?? '', frame.keyOffset);
}

function finish<T>(frame: Frame<T>): void {
  frame.index += 1;
  frame.key = undefined;
}

function offsetOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return -1;
  }
}
