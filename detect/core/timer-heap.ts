/** Which site wants to be woken next. A binary heap with at most one live entry a site. */
export interface TimerHeap {
  /** Wakes `key` at `at` or earlier; a later wish than the standing one is kept by whoever asks when woken. */
  set(key: string, at: number): void;
  /** The earliest key due strictly before `now`, taken out. Equal times come out by name. */
  takeDue(now: number): string | undefined;
  /** Time of the earliest entry. */
  nextAt(): number | undefined;
}

interface Entry {
  readonly at: number;
  readonly key: string;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}

function siftUp(heap: Entry[], from: number): void {
  let child = from;
  const moving = heap[child] as Entry;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(moving, above)) break;
    heap[child] = above;
    child = parent;
  }
  heap[child] = moving;
}

function siftDown(heap: Entry[], from: number): void {
  let parent = from;
  const moving = heap[parent] as Entry;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
    const below = heap[child] as Entry;
    if (!isBefore(below, moving)) break;
    heap[parent] = below;
    parent = child;
  }
  heap[parent] = moving;
}

export function createTimerHeap(): TimerHeap {
  const heap: Entry[] = [];
  const standing = new Map<string, number>();
  const dropTop = (): void => {
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last;
      siftDown(heap, 0);
    }
  };
  /** Entries that were overtaken by an earlier wish stay in the heap until they come up. */
  const skipStale = (): Entry | undefined => {
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      if (standing.get(top.key) === top.at) return top;
      dropTop();
    }
    return undefined;
  };
  return {
    set(key, at) {
      const now = standing.get(key);
      if (now !== undefined && now <= at) return;
      standing.set(key, at);
      heap.push({ at, key });
      siftUp(heap, heap.length - 1);
    },
    takeDue(now) {
      const top = skipStale();
      if (top === undefined || top.at >= now) return undefined;
      dropTop();
      standing.delete(top.key);
      return top.key;
    },
    nextAt: () => skipStale()?.at,
  };
}
