/**
 * What stands where in a bucket; the words of it are in docs/reference/influx.md. Tags are site, device or outlet, and
 * of findings the district: how many series there are depends on the registry alone, never on how long it runs.
 */
import { REPORT_PERIOD_MS } from '../../contracts/report.ts';

/** Behind a signal's name: ids of signals have no underscore. */
export const FLAG = '__flag';
export const TEXT = '__text';
export const RECEIVED = '__received';
export const WITH = '__with';
export const BODY = '__body';

export const FINDING = 'finding';

/** Spans that reports may have, the finest first; 0 are instants. */
export const PERIODS: readonly number[] = [0, ...Object.values(REPORT_PERIOD_MS).sort((a, b) => a - b)];

const SUFFIX: ReadonlyMap<number, string> = new Map([
  [0, ''],
  ...Object.entries(REPORT_PERIOD_MS).map(([text, ms]) => [ms, `_${text}`] as const),
]);

/** First values: the evidence. Undefined for a period that no report may have. */
export function reportMeasurement(periodMs: number): string | undefined {
  const suffix = SUFFIX.get(periodMs);
  return suffix === undefined ? undefined : `report${suffix}`;
}

/** Values that were sent later for the same instant. */
export function disputedMeasurement(periodMs: number): string | undefined {
  const suffix = SUFFIX.get(periodMs);
  return suffix === undefined ? undefined : `disputed${suffix}`;
}

/** Means as they were judged first. */
export function meanMeasurement(average: string): string {
  return `mean_${average}`;
}

/** Every form that a mean had after it was judged again. */
export function revisedMeasurement(average: string): string {
  return `mean_revised_${average}`;
}

/** The newest of those forms. */
export function newestMeasurement(average: string): string {
  return `mean_newest_${average}`;
}

/** `time` is a word of the server's own. */
export function numberField(signal: string): string {
  return signal === 'time' ? 'time__number' : signal;
}
