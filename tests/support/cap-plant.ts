/** A stack under caps, reporting by the hour: what the tests of total masses share. 100 mg/m³ × 100,000 m³/h = 10 kg/h. */
import type { CapEntry } from '../../contracts/registry/registry-file.ts';
import type { Mean } from '../../contracts/mean.ts';
import type { ReplayResult } from '../../detect/runner/replay.ts';
import { deviceReports, eventEnd, type DeviceReports, type TestReport } from './device-reports.ts';
import { plantRegistry, type PlantOptions } from './plant-registry.ts';
import { replayReports, type Arrival } from './replay-reports.ts';
import { series } from './series.ts';

export const MONTH_CAP: CapEntry = { signal: 'nox', tonnes: 2, per: 'P1M', from: '2026-11-01', source: 'permit 3.1' };

export function capRegistry(caps: readonly CapEntry[] = [MONTH_CAP], plant: PlantOptions = {}): string {
  return plantRegistry({ every: 'PT1H', ...plant, outlet: { caps: [...caps], ...plant.outlet } });
}

/** Hours from 1 November on; a flow of 100,000 m³/h in each unless said otherwise. */
export function stackHours(nox: string, flow?: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  const flowText = flow ?? `100000x${String(series(nox).length)}`;
  const when = { device: 'cems-1', from: '2026-11-01', period: 'PT1H', ...options } as const;
  return deviceReports(when, { nox, flow: flowText });
}

/** Plays the arrivals, and one more report right after the last so that its hour is closed. */
export function playHours(registry: string, arrivals: readonly Arrival[]): ReplayResult {
  const ends = arrivals.map((arrival) => ('report' in arrival ? eventEnd(arrival.report) : arrival.received));
  return replayReports(registry, [
    ...arrivals,
    ...deviceReports({ device: 'cems-1', from: Math.max(...ends) }, { temp: '90' }),
  ]);
}

/** `measured 10` of each hour of the signal in order, runs of the same as `measured 10 ×24`. */
export function massRuns(result: ReplayResult, signal = 'nox'): readonly string[] {
  const runs: { text: string; count: number }[] = [];
  const hours = result.means.filter((mean) => mean.average === 'PT1H' && mean.signal === signal);
  for (const mean of hours.sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const text = massText(mean);
    const last = runs.at(-1);
    if (last?.text === text) last.count += 1;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text} ×${String(count)}`));
}

function massText({ massKg, massMethod }: Mean): string {
  const kg = typeof massKg === 'number' ? String(Number(massKg.toPrecision(12))) : '-';
  return `${massMethod ?? 'none'} ${kg}`;
}

/** The hourly masses of a span added up, in tonnes: what an officer does by hand. */
export function tonnesByHand(result: ReplayResult, span: { from: string; to: string }, signal = 'nox'): number {
  let kg = 0;
  for (const mean of result.means)
    if (mean.average === 'PT1H' && mean.signal === signal && mean.start >= span.from && mean.start < span.to)
      kg += mean.massKg ?? 0;
  return kg / 1_000;
}
