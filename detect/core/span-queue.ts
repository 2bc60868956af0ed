/** Spans of one device or line in order of time, kept until others have caught up. */

/** A span that begins with its start and end. */
export type Queued = [start: number, end: number, ...rest: number[]];

/** What holds at an instant; `undefined` in a gap. Spans that ended before are left in place. */
export function spanAt<T extends Queued>(queue: readonly T[], at: number): T | undefined {
  for (const span of queue) {
    if (span[0] > at) return undefined;
    if (span[1] > at) return span;
  }
  return undefined;
}

/** The next instant after `at` at which a span begins or ends; `limit` where that is later. */
export function changeAfter(queue: readonly Queued[], at: number, limit: number): number {
  for (const span of queue) {
    if (span[0] > at) return Math.min(span[0], limit);
    if (span[1] > at) return Math.min(span[1], limit);
  }
  return limit;
}

/** Adds a span at the end; one that follows on and says the same makes the last one longer. */
export function pushSpan<T extends Queued>(queue: T[], span: T): void {
  const last = queue[queue.length - 1];
  if (last !== undefined) {
    if (span[1] <= last[1]) return;
    if (span[0] < last[1]) span[0] = last[1];
    if (last[1] === span[0] && isAlike(last, span)) {
      last[1] = span[1];
      return;
    }
  }
  queue.push(span);
}

function isAlike(a: Queued, b: Queued): boolean {
  for (let index = 2; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Lets go of what ended at or before an instant. */
export function dropBefore(queue: Queued[], at: number): void {
  while (queue.length > 0 && (queue[0] as Queued)[1] <= at) queue.shift();
}
