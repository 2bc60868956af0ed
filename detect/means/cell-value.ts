import type { Reading } from '../../contracts/report-reading.ts';
import type { StreamReport } from '../core/stream-report.ts';
import type { CellValue } from './period-cell.ts';

/** Readings flagged N count, T (over range) at face value as a lower bound; nothing else does. */
export function readCellValue(reading: Reading, report: StreamReport): CellValue | undefined {
  const { value, flag } = reading;
  if (typeof value !== 'number' || Number.isNaN(value) || (flag !== 'N' && flag !== 'T')) return undefined;
  const later = report.later?.[reading.signal];
  return { value, overRange: flag === 'T', laterDelta: later === undefined ? 0 : later - value };
}
