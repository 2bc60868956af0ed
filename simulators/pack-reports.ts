/** Reports as messages: what was stored goes in arrays of one device, what is fresh goes alone. */
import { reportTopic } from '../contracts/topics.ts';
import type { SentReport } from './device-reports.ts';

export interface Message {
  readonly topic: string;
  readonly payload: string;
  /** Reports in it. */
  readonly count: number;
}

/** Of one array; the contract allows more, a small device sends less. */
const LARGEST_BATCH = 250;
function messageOf(batch: readonly SentReport[], isStored: boolean): Message {
  const [first] = batch;
  if (first === undefined) throw new RangeError('a message of no reports');
  const reports = batch.map(({ report }) => (isStored ? { ...report, resent: true } : report));
  const payload = JSON.stringify(reports.length === 1 ? reports[0] : reports);
  return { topic: reportTopic(first.site, first.device), payload, count: batch.length };
}

function* batches(stored: readonly SentReport[]): Generator<readonly SentReport[]> {
  const byDevice = new Map<string, SentReport[]>();
  for (const report of stored) {
    const key = `${report.site}/${report.device}`;
    const batch = byDevice.get(key);
    if (batch === undefined) byDevice.set(key, [report]);
    else batch.push(report);
  }
  for (const batch of byDevice.values()) {
    for (let from = 0; from < batch.length; from += LARGEST_BATCH) yield batch.slice(from, from + LARGEST_BATCH);
  }
}

/**
 * Messages of reports that are oldest first; those of each device stay in order.
 * @param storedBefore what was to be sent before this instant has waited, and says so
 */
export function packReports(reports: readonly SentReport[], storedBefore: number): readonly Message[] {
  const freshFrom = reports.findIndex(({ at }) => at >= storedBefore);
  const stored = freshFrom < 0 ? reports : reports.slice(0, freshFrom);
  const fresh = freshFrom < 0 ? [] : reports.slice(freshFrom);
  return [
    ...[...batches(stored)].map((batch) => messageOf(batch, true)),
    ...fresh.map((report) => messageOf([report], false)),
  ];
}
