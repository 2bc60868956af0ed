/**
 * The reports that were read lately, by site, so that a rewind need not ask the server for them. In two halves: when
 * the younger one spans half a day, the older one goes. What a rewind wants from before is fetched for all sites at once.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { ReportAt } from '../../contracts/ports/partition.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { createSiteHistory, type SiteHistory } from './site-history.ts';

export interface RecentHistory {
  add(records: readonly LogRecord[]): void;
  /** Adds what lies before: everything from an offset up to {@link from}, in order. */
  extend(from: number, batches: AsyncIterable<readonly ReportAt[]>): Promise<void>;
  /** Offset from which on everything that was added is here. */
  readonly from: () => number;
  /** Report records of the site in [fromOffset, toOffset); what lies before {@link from} is not here. */
  read(site: string, fromOffset: number, toOffset: number): readonly LogRecord[];
  close(): void;
}

const HALF_MS = 12 * HOUR_MS;

interface Half {
  readonly from: number;
  readonly since: number;
  readonly history: SiteHistory;
}

/** @param from offset of the first record that will be added @param halfMs receive time that one half spans */
export function createRecentHistory(from: number, halfMs = HALF_MS): RecentHistory {
  let halves: readonly Half[] = [];
  let first = from;
  const halfFor = ({ offset, received }: LogRecord): Half => {
    const newest = halves.at(-1);
    if (newest !== undefined && received - newest.since < halfMs) return newest;
    const half = { from: offset, since: received, history: createSiteHistory() };
    for (const old of halves.slice(0, -1)) old.history.close();
    halves = [...halves.slice(-1), half];
    if (halves.length > 1) first = halves[0]?.from ?? first;
    return half;
  };
  return {
    add(records) {
      for (const record of records) if (record.kind === 'report') halfFor(record).history.add(record.site, record);
    },
    async extend(earlier, batches) {
      const history = createSiteHistory();
      let since = Number.POSITIVE_INFINITY;
      try {
        for await (const reports of batches) {
          since = Math.min(since, reports[0]?.received ?? since);
          for (const report of reports) history.add(report.site, report);
        }
      } catch (error) {
        history.close();
        throw error;
      }
      halves = [{ from: earlier, since, history }, ...halves];
      first = earlier;
    },
    from: () => first,
    read: (site, fromOffset, toOffset) =>
      halves.flatMap(({ history }) => history.read(site, fromOffset).filter(({ offset }) => offset < toOffset)),
    close() {
      for (const { history } of halves) history.close();
      halves = [];
    },
  };
}
