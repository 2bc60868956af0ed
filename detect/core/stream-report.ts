import type { CheckedReport } from '../../contracts/report-reading.ts';

/** A report on its way through the detector. */
export interface StreamReport extends CheckedReport {
  /** Place in the log. */
  readonly offset: number;
  readonly received: number;
  /** Values that were sent later for the same identity: disputed, shown beside the first. */
  readonly later?: Readonly<Record<string, number>>;
}

/** Spelled out: copying by spread is several times slower, and this is done for every report. */
export function toStreamReport(report: CheckedReport, offset: number, received: number): StreamReport {
  return {
    site: report.site,
    device: report.device,
    ts: report.ts,
    periodMs: report.periodMs,
    endAt: report.endAt,
    readings: report.readings,
    seq: report.seq,
    resent: report.resent,
    mark: report.mark,
    parameters: report.parameters,
    offset,
    received,
  };
}
