/** What the channels of an instrument usually do, learned from its reports that came in time. Runs for each of them. */
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { AIR_O2_PERCENT } from '../means/oxygen.ts';
import type { PeriodArrivals } from '../rules/backfill-run.ts';
import { initialChannelHabit, learnValue, type ChannelHabit } from '../rules/fill-shape.ts';

function isAir(report: CheckedReport): boolean {
  for (const { signal, value, flag } of report.readings) {
    if (signal === 'o2') return flag === 'N' && typeof value === 'number' && value >= AIR_O2_PERCENT;
  }
  return false;
}

function placeOf(arrivals: PeriodArrivals, index: number, signal: string): number {
  const { signals, habits } = arrivals;
  // Devices tell the same signals in the same order again and again.
  if (signals[index] === signal) return index;
  const known = signals.indexOf(signal);
  if (known >= 0) return known;
  signals.push(signal);
  habits.push(initialChannelHabit());
  return signals.length - 1;
}

/** The values on both sides of a silence. */
function noteGap(arrivals: PeriodArrivals, report: CheckedReport): void {
  const ends: Record<string, [number, number]> = {};
  for (const { signal, value, flag } of report.readings) {
    const habit = arrivals.habits[arrivals.signals.indexOf(signal)];
    if (habit === undefined || habit.chain === 0 || flag !== 'N') continue;
    if (typeof value === 'number' && !Number.isNaN(value)) ends[signal] = [habit.last, value];
  }
  arrivals.gap = { from: arrivals.lastTs, to: report.ts, ends };
}

export function habitOf(arrivals: PeriodArrivals, signal: string): ChannelHabit | undefined {
  return arrivals.habits[arrivals.signals.indexOf(signal)];
}

/** A report that came in time. Air in the stack teaches nothing about measuring. */
export function learnReport(arrivals: PeriodArrivals, report: CheckedReport, stepMs: number): void {
  const sinceMs = report.ts - arrivals.lastTs;
  if (arrivals.lastTs > 0 && sinceMs > 1.5 * stepMs) noteGap(arrivals, report);
  if (sinceMs < 0) return;
  arrivals.lastTs = report.ts;
  if (isAir(report)) {
    for (const habit of arrivals.habits) habit.chain = 0;
    return;
  }
  const { readings } = report;
  for (let index = 0; index < readings.length; index += 1) {
    const reading = readings[index];
    if (reading === undefined) continue;
    const { signal, value, flag } = reading;
    if (typeof value !== 'number' || Number.isNaN(value)) continue;
    const habit = arrivals.habits[placeOf(arrivals, index, signal)];
    if (habit === undefined) continue;
    if (flag === 'N') learnValue(habit, value, report.ts, stepMs);
    else habit.chain = 0;
  }
}
