/** What is late for a part of the log that is no longer kept: it is shown, and changes no finding. */
import { readReport as decodeReport } from '../../contracts/check-report.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { count } from './outputs.ts';
import { keepSample } from './site-arrivals.ts';
import type { SiteRuntime } from './site-runtime.ts';

/**
 * Leaves a rewind undone that would have to read what retention has removed: half of the reports would make half of
 * the findings, and withdraw the others. As with reports from beyond the horizon, each value is kept and shown.
 * @param records the site's reports, from the first late one on
 */
export function forgoRewind(runtime: SiteRuntime, records: readonly LogRecord[]): void {
  const { arrival, outputs, registry } = runtime;
  const { late } = arrival;
  if (late === null) return;
  const unclear = new Set(late.offsets);
  arrival.late = null;
  if (late.hasKnown) count(outputs, 'beyond_horizon');
  for (const record of records) {
    if (record.kind !== 'report' || !unclear.has(record.offset)) continue;
    count(outputs, 'unclear', -1);
    count(outputs, 'stored');
    count(outputs, 'beyond_horizon');
    arrival.exceptions[String(record.offset)] = { kind: 'repeat' };
    const result = decodeReport(record.body, record.site, record.device, registry);
    // Whether it is a repeat or a later value can no longer be told: it stands beside what there is.
    if (result.ok) keepSample(runtime, { ...result.value, received: record.received }, { revision: 1 });
  }
}

/** First offset that a rewind of one of the sites that were heard since may read again. */
export function oldestBase(sites: Iterable<SiteRuntime>, heardSince: number): number {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { arrival } of sites) {
    const [base] = arrival.bases;
    if (base !== undefined && (arrival.lastReceived ?? Number.NEGATIVE_INFINITY) >= heardSince) {
      oldest = Math.min(oldest, base.offset);
    }
  }
  return oldest;
}
