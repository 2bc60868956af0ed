/**
 * Marks entered here that the read model does not show yet. A mark is in the log before it is in the read model:
 * until then it is kept, so that whoever wrote it reads it.
 */
import type { WireMark } from '../contracts/order.ts';
import type { StoredMark } from '../contracts/ports/detection-store.ts';
import type { ReadModel } from '../contracts/ports/read-model.ts';

export type PendingMark = Omit<StoredMark, 'id'>;

export interface MarkShelf {
  /** What is still missing in the read model, oldest first. */
  pending(): Promise<readonly PendingMark[]>;
  /** To be called once the mark is durable in the log. */
  put(mark: PendingMark): void;
}

/** A read model that is so far behind shows it late: what is kept here is a courtesy, the log has it. */
const KEPT_MS = 60_000;
const MOST_KEPT = 200;
const LOOKED_AT = 1_000;

const sameMark = (a: WireMark, b: WireMark): boolean =>
  a.site === b.site &&
  a.outlet === b.outlet &&
  a.line === b.line &&
  a.device === b.device &&
  a.state === b.state &&
  a.from === b.from;

export function createMarkShelf(readModel: Pick<ReadModel, 'marks'>, now: () => number): MarkShelf {
  let kept: readonly PendingMark[] = [];

  const isShown = async (entry: PendingMark): Promise<boolean> => {
    const { items } = await readModel.marks(entry.mark.site, { limit: LOOKED_AT });
    return items.some(({ mark, declaredAt }) => declaredAt >= entry.declaredAt && sameMark(mark, entry.mark));
  };

  return {
    pending: async () => {
      const at = now();
      const young = kept.filter(({ declaredAt }) => at - declaredAt < KEPT_MS);
      const shown = new Set<PendingMark>();
      for (const entry of young) if (await isShown(entry)) shown.add(entry);
      kept = kept.filter((entry) => !shown.has(entry) && at - entry.declaredAt < KEPT_MS);
      return kept;
    },
    put: (mark) => {
      kept = [...kept.filter((entry) => !sameMark(entry.mark, mark.mark)), mark].slice(-MOST_KEPT);
    },
  };
}
