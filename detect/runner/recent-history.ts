/**
 * The reports that were read lately, by site, so that a rewind need not ask the server for them. In two halves: when
 * the younger one spans half of what rewinds reach back, the older one goes.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { createSiteHistory, type SiteHistory } from './site-history.ts';

export interface RecentHistory {
  add(records: readonly LogRecord[]): void;
  /** Offset from which on everything that was added is here. */
  readonly from: () => number;
  /** Report records of the site in [fromOffset, toOffset); what lies before {@link from} is not here. */
  read(site: string, fromOffset: number, toOffset: number): readonly LogRecord[];
  close(): void;
}

const HALF_MS = 4 * DAY_MS;

interface Half {
  readonly from: number;
  readonly since: number;
  readonly history: SiteHistory;
}

/** @param from offset of the first record that will be added @param halfMs receive time that one half spans */
export function createRecentHistory(from: number, halfMs = HALF_MS): RecentHistory {
  let halves: readonly Half[] = [];
  const halfFor = ({ offset, received }: LogRecord): Half => {
    const newest = halves.at(-1);
    if (newest !== undefined && received - newest.since < halfMs) return newest;
    const half = { from: offset, since: received, history: createSiteHistory() };
    for (const old of halves.slice(0, -1)) old.history.close();
    halves = [...halves.slice(-1), half];
    return half;
  };
  return {
    add(records) {
      for (const record of records) if (record.kind === 'report') halfFor(record).history.add(record.site, record);
    },
    from: () => (halves.length === 2 ? (halves[0]?.from ?? from) : from),
    read: (site, fromOffset, toOffset) =>
      halves.flatMap(({ history }) => history.read(site, fromOffset).filter(({ offset }) => offset < toOffset)),
    close() {
      for (const { history } of halves) history.close();
      halves = [];
    },
  };
}
