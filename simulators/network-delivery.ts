/** Reports as they arrive over a network that fails: later, twice, out of order, or from the store after an outage. */
import { contains, type Span } from './plants/span.ts';
import { MomentQueue } from './moment-queue.ts';
import type { Network } from './network.ts';
import type { SentReport } from './device-reports.ts';

/** A store is emptied this much faster than it was filled. */
const DRAIN_FACTOR = 600;

/** When the store of an outage is empty again. */
function drainedAt({ fromAt, toAt }: Span): number {
  return toAt + (toAt - fromAt) / DRAIN_FACTOR;
}

/** What was made in an outage arrives after it, in order; what is made while the store is emptied waits for its turn. */
function delivered(outages: readonly Span[], at: number): { readonly at: number; readonly isStored: boolean } {
  for (const outage of outages) {
    if (contains(outage, at)) {
      return { at: Math.floor(outage.toAt + (at - outage.fromAt) / DRAIN_FACTOR), isStored: true };
    }
    if (at >= outage.toAt && at < drainedAt(outage)) return { at: Math.ceil(drainedAt(outage)), isStored: false };
  }
  return { at, isStored: false };
}

/**
 * @param reports of one site, in the order in which they are made
 * @param outages of the site, oldest first
 * @returns the same reports in the order of their arrival; stored ones say `resent`
 */
export function* throughNetwork(
  network: Network,
  reports: Iterable<SentReport>,
  outages: readonly Span[],
): Generator<SentReport> {
  const waiting = new MomentQueue<SentReport>();
  let rank = 0;
  const put = (report: SentReport, at: number): void => {
    waiting.push(at, rank, at === report.at ? report : { ...report, at });
    rank += 1;
  };
  for (const report of reports) {
    while (waiting.nextAt <= report.at) yield waiting.pop() as SentReport;
    const { lateMs, againMs } = network.fateOf(report.site, report.at);
    const arrival = delivered(outages, report.at + lateMs);
    const kept = arrival.isStored ? { ...report, report: { ...report.report, resent: true } } : report;
    put(kept, arrival.at);
    if (againMs !== undefined) put(kept, delivered(outages, arrival.at + againMs).at);
  }
  while (waiting.size > 0) yield waiting.pop() as SentReport;
}
