/** Report → the cells of the means that it belongs to. */
import type { Reading } from '../../contracts/report-reading.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { OutletPlan } from '../core/site-plan.ts';
import type { StreamReport } from '../core/stream-report.ts';
import { createChannel, type Channel, type OutletState } from './outlet-state.ts';
import { addPart, addSample, createCell, type CellValue, type PeriodCell } from './period-cell.ts';

/** What conversion needs beside a limited signal. */
const COMPANIONS: ReadonlySet<string> = new Set(['o2', 'humidity']);

/** Samples flagged N count, T (over range) at face value as a lower bound; nothing else does. */
function cellValue(reading: Reading, report: StreamReport): CellValue | undefined {
  const { value, flag } = reading;
  if (typeof value !== 'number' || Number.isNaN(value) || (flag !== 'N' && flag !== 'T')) return undefined;
  const later = report.later?.[reading.signal];
  return { value, overRange: flag === 'T', laterDelta: later === undefined ? 0 : later - value };
}

function feedCell(cell: PeriodCell, report: StreamReport, reading: Reading, at: { start: number; everyMs: number }): void {
  const value = cellValue(reading, report);
  if (value === undefined || report.ts < at.start) return;
  if (report.periodMs === 0) {
    addSample(cell, at.start, report.ts, value, at.everyMs);
  } else if (report.periodMs <= cell.periodMs) {
    const span = { ts: report.ts, partMs: report.periodMs, everyMs: at.everyMs };
    addPart(cell, at.start, span, { ...value, converted: reading.converted });
  }
}

function feedShort(plan: OutletPlan, channel: Channel, report: StreamReport, at: { reading: Reading; hourStart: number; everyMs: number }): void {
  for (const average of plan.shortAverages) {
    const { signal } = at.reading;
    const isLimited = plan.limits.some((limit) => limit.signal === signal && limit.average.text === average.text);
    if (!isLimited && !COMPANIONS.has(signal)) continue;
    const cell = (channel.short[average.text] ??= createCell(average.ms));
    const start = at.hourStart + Math.floor((report.ts - at.hourStart) / average.ms) * average.ms;
    feedCell(cell, report, at.reading, { start, everyMs: at.everyMs });
  }
}

/**
 * @param hourStart start of the local hour that the report's `ts` lies in
 * @param isUsable false while a calibration or maintenance mark makes its minutes invalid
 */
export function feedOutlet(
  plan: OutletPlan,
  state: OutletState,
  report: StreamReport,
  at: { readonly hourStart: number; readonly everyMs: number; readonly isUsable: boolean },
): void {
  state.since ??= at.hourStart;
  if (!at.isUsable || report.periodMs > HOUR_MS) return;
  const channels = (state.channels[report.device] ??= {});
  for (const reading of report.readings) {
    if (typeof reading.value !== 'number') continue;
    const channel = (channels[reading.signal] ??= createChannel());
    feedCell(channel.hour, report, reading, { start: at.hourStart, everyMs: at.everyMs });
    if (plan.shortAverages.length > 0) feedShort(plan, channel, report, { reading, ...at });
  }
}
