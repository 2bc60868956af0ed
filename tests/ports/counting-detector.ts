/** A detector that counts the reports of each site: enough to show that each entry is detected once. */
import { CannotWriteError, InvariantError } from '../../contracts/errors.ts';
import type { CreateDetector } from '../../backends/sqlite/store-loop.ts';
import { commit } from './builders.ts';

const SLICE = 500;

/** @param init `failAt`: the offset at which it fails, and whether that passes; `maxPages`: the disk is full then */
export const createDetector: CreateDetector = ({ log, detection, tell, appendsWait }, init) => {
  const { failAt, passing } = (init ?? {}) as { failAt?: number; passing?: boolean };
  let failures = 0;
  return {
    step: () => {
      const from = detection.nextOffset();
      const records = log.read(from, SLICE);
      if (records.length === 0) return false;
      const next = (records.at(-1)?.offset ?? from) + 1;
      if (failAt !== undefined && next > failAt && failures < 1) {
        failures += 1;
        throw passing === true ? new CannotWriteError('no room for now') : new InvariantError('a bug');
      }
      const counts: Record<string, number> = {};
      for (const record of records) {
        if (record.kind === 'report') counts[record.site] = (counts[record.site] ?? 0) + 1;
      }
      detection.commit(commit({ nextOffset: next, counts }));
      return !appendsWait() || records.length === SLICE;
    },
    close: () => {
      tell('closed');
    },
    onMessage: (message) => {
      tell({ echo: message });
    },
  };
};
