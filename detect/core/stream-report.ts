import type { CheckedReport } from '../../contracts/report-reading.ts';

/** A report on its way through the detector. */
export interface StreamReport extends CheckedReport {
  /** Place in the log. */
  readonly offset: number;
  readonly received: number;
  /** Values that were sent later for the same identity: disputed, shown beside the first. */
  readonly later?: Readonly<Record<string, number>>;
}
