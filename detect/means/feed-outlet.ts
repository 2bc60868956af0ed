/** Report → the cells of the means that it belongs to. */
import type { Reading } from '../../contracts/report-reading.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import type { OutletPlan } from '../core/site-plan.ts';
import type { StreamReport } from '../core/stream-report.ts';
import { readCellValue } from './cell-value.ts';
import { createChannel, type Channel, type OutletState } from './outlet-state.ts';
import { addPart, addSample, createCell, type PeriodCell } from './period-cell.ts';
import { feedOwnDay } from './own-day.ts';

/** What conversion needs beside a limited signal. */
const COMPANIONS: ReadonlySet<string> = new Set(['o2', 'humidity']);

/** A part counts in the period that it lies in wholly; one that reaches beyond its end tells nothing exact of either. */
export function feedCell(
  cell: PeriodCell,
  report: StreamReport,
  reading: Reading,
  at: { readonly start: number; readonly everyMs: number },
): void {
  const value = readCellValue(reading, report);
  if (value === undefined || report.ts < at.start) return;
  if (report.periodMs === 0) {
    addSample(cell, at, report.ts, value);
  } else if (report.endAt <= at.start + cell.periodMs) {
    const span = { ts: report.ts, partMs: report.periodMs, everyMs: at.everyMs };
    addPart(cell, at.start, span, { ...value, converted: reading.converted });
  }
}

function feedShort(
  plan: OutletPlan,
  state: OutletState,
  channel: Channel,
  at: {
    readonly report: StreamReport;
    readonly reading: Reading;
    readonly hourStart: number;
    readonly everyMs: number;
  },
): void {
  const { report, reading, everyMs } = at;
  const { signal } = reading;
  for (const average of plan.shortAverages) {
    const isLimited = plan.limits.some((limit) => limit.signal === signal && limit.average.text === average.text);
    if (!isLimited && !COMPANIONS.has(signal)) continue;
    const cell = (channel.short[average.text] ??= createCell(average.ms));
    // Periods that do not divide the hour, such as PT45M, go on from where the last one ended.
    const origin = state.shortFrom[average.text] ?? at.hourStart;
    const start = origin + Math.floor((report.ts - origin) / average.ms) * average.ms;
    feedCell(cell, report, reading, { start, everyMs });
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
  if (!at.isUsable) return;
  if (report.periodMs > HOUR_MS) {
    if (report.periodMs === DAY_MS) feedOwnDay(state, report);
    return;
  }
  const channels = (state.channels[report.device] ??= {});
  for (const reading of report.readings) {
    if (typeof reading.value !== 'number') continue;
    const channel = (channels[reading.signal] ??= createChannel());
    feedCell(channel.hour, report, reading, { start: at.hourStart, everyMs: at.everyMs });
    if (plan.shortAverages.length > 0) feedShort(plan, state, channel, { report, reading, ...at });
  }
}
