/** Records that retention removed before they were read, or before what was read of them was saved: nothing else shows that. */
import type { PartitionWorker } from '../../contracts/ports/partition.ts';

export interface MissedRecords {
  readonly partition: number;
  /** Log offsets [from, to), about: ends of transactions count as well. */
  readonly from: number;
  readonly to: number;
  /** Of them, those that nobody ever read. */
  readonly neverRead: number;
  /** Of them, those that were read, and have to be again because not every site was saved since: it goes on without them. */
  readonly notSaved: number;
}

/** @param first offset of the log that is kept @returns undefined where everything is kept that the worker still reads */
export function missedRecords(
  partition: number,
  worker: Pick<PartitionWorker, 'from' | 'next'>,
  first: number,
): MissedRecords | undefined {
  const { from } = worker;
  if (from >= first) return undefined;
  const next = worker.next();
  const neverRead = Math.max(0, first - next);
  return { partition, from, to: first, neverRead, notSaved: first - from - neverRead };
}
