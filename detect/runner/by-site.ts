/**
 * A stretch of the log, one site after the other. Sites know nothing of each other, so what comes of it is the same as
 * record by record; but a site's state is fetched once for many reports, which is half of the cost where there are
 * many sites (measured: `npm run bench`).
 */
import type { LogRecord, ReportRecord } from '../../contracts/log-record.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import type { Engine } from '../core/engine.ts';
import type { RewindRequest } from '../core/rewind.ts';

export type StoredReport = ReportRecord & { readonly offset: number };

interface Entry {
  readonly record: StoredReport;
  readonly checked: CheckedReport | undefined;
}

/** A rewind that is due: the snapshot and the site's reports before `beforeOffset` have to be brought before it goes on. */
export interface RewindDue {
  readonly request: RewindRequest;
  readonly beforeOffset: number;
}

export interface StretchOptions {
  readonly engine: Engine;
  /** Called right before a report is taken; false: it is left out. */
  readonly admits?: (record: StoredReport) => boolean;
}

export interface Stretch {
  add(record: StoredReport, checked?: CheckedReport): void;
  readonly size: () => number;
  /**
   * Takes what was added, then does what fell due before `now` anywhere. Stops at each rewind that is due, which the
   * caller answers before it goes on: from a file beside it at once, or from a server when that has brought it.
   */
  flush(now: number, nextOffset: number): Iterable<RewindDue>;
}

/** Whether a record changes what holds for every site: nothing may be taken past it. */
export function isBarrier(record: LogRecord): boolean {
  switch (record.kind) {
    case 'registry':
    case 'order':
    case 'mark':
      return true;
    case 'tick':
      return record.restarted === true;
    default:
      return false;
  }
}

export function createStretch({ engine, admits }: StretchOptions): Stretch {
  const sites = new Map<string, Entry[]>();
  let size = 0;
  function* takeSite(entries: readonly Entry[]): Generator<RewindDue, void, void> {
    for (const { record, checked } of entries) {
      for (let request = engine.dueBefore(record); request !== undefined; request = engine.dueBefore(record))
        yield { request, beforeOffset: record.offset };
      if (admits?.(record) !== false) engine.take(record, checked);
    }
  }
  return {
    add(record, checked) {
      const entries = sites.get(record.site);
      if (entries === undefined) sites.set(record.site, [{ record, checked }]);
      else entries.push({ record, checked });
      size += 1;
    },
    size: () => size,
    *flush(now, nextOffset) {
      for (const entries of sites.values()) yield* takeSite(entries);
      sites.clear();
      size = 0;
      engine.passTo(nextOffset);
      for (let request = engine.due(now); request !== undefined; request = engine.due(now))
        yield { request, beforeOffset: nextOffset };
    },
  };
}
