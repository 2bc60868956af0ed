/** Values that were sent again differently become `falsification.rewritten`. Facts about arrival, never rewound. */
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import type { Subject } from '../../contracts/finding.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { rewritten } from '../rules/falsification.rewritten.ts';
import type { RewriteRun } from './arrival-state.ts';
import { deviceSubject } from './device-subject.ts';
import type { SiteRuntime } from './site-runtime.ts';

export interface RewrittenValue {
  readonly report: CheckedReport;
  readonly received: number;
  readonly first: Reading;
  readonly later: Reading;
}

/** Examples in the evidence; the count says how many there are. */
const MOST_CHANGES = 100;

function subjectOf(runtime: SiteRuntime, device: string, signal: string): Subject {
  const plan = runtime.plan.devices.get(device);
  return plan === undefined ? { device, signal } : deviceSubject(plan, signal);
}

const isMissing = (value: number | undefined): value is undefined => value === undefined || Number.isNaN(value);

function differs(a: number | undefined, b: number | undefined, resolution: number): boolean {
  if (isMissing(a) || isMissing(b)) return isMissing(a) !== isMissing(b);
  return Math.abs(a - b) > resolution;
}

const STATISTICS = ['value', 'min', 'max', 'converted'] as const;
type Statistic = (typeof STATISTICS)[number];

/** The first part of the value that differs by more than the signal's resolution. */
function changedPart(runtime: SiteRuntime, { first, later, report }: RewrittenValue): Statistic | undefined {
  const outlet = runtime.plan.devices.get(report.device)?.outlets[0]?.outlet;
  const resolution = outlet?.resolution[first.signal] ?? 0;
  return STATISTICS.find((part) => {
    const [a, b] = [first[part], later[part]];
    if (typeof a === 'string' || typeof b === 'string') return a !== b;
    return differs(a, b, resolution);
  });
}

/** The run that the value joins: next to it in time, and sent within the hour. */
function runFor(runtime: SiteRuntime, value: RewrittenValue, everyMs: number): RewriteRun {
  const { report, received, first } = value;
  const key = `${report.device}|${first.signal}`;
  const before = runtime.arrival.rewrites[key];
  const end = report.periodMs === 0 ? report.ts + everyMs : report.endAt;
  // The same start is the same finding, however much later it is touched again.
  const isNear = before !== undefined && report.ts >= before.start && report.ts <= before.end + everyMs / 2;
  const joins = isNear && (report.ts === before.start || received - before.lastReceived <= HOUR_MS);
  const run: RewriteRun = joins
    ? before
    : { start: report.ts, end, detectedAt: report.endAt, lastReceived: received, count: 0, changes: [] };
  run.end = Math.max(run.end, end);
  run.lastReceived = Math.max(run.lastReceived, received);
  runtime.arrival.rewrites[key] = run;
  return run;
}

/** As it stands in the evidence; null: not sent. */
function shown(reading: Reading, part: Statistic): number | string | null {
  const value = reading[part];
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** @returns whether it was new: the same change sent again is without effect */
function addChange(runtime: SiteRuntime, run: RewriteRun, value: RewrittenValue, part: Statistic): boolean {
  const { report, first, later } = value;
  const { time } = runtime.plan;
  const what = {
    at: time.format(report.ts),
    ...(part === 'value' ? {} : { statistic: part }),
    first: shown(first, part),
    firstFlag: first.flag,
    later: shown(later, part),
    laterFlag: later.flag,
  };
  const isSame = (change: Readonly<Record<string, unknown>>): boolean =>
    Object.entries(what).every(([key, said]) => change[key] === said);
  if (run.changes.some(isSame)) return false;
  run.count += 1;
  if (run.changes.length < MOST_CHANGES) {
    run.changes.push({ ...what, received: time.format(value.received), resent: report.resent });
  }
  return true;
}

function emitRun(runtime: SiteRuntime, device: string, signal: string, run: RewriteRun): void {
  const context = runtime.arrivalScribe.context(rewritten);
  context.emit({
    rule: rewritten,
    subject: subjectOf(runtime, device, signal),
    startAt: run.start,
    endAt: run.end,
    state: 'closed',
    detectedAt: run.detectedAt,
    severity: run.count >= context.parameter('highCount') ? 'high' : 'medium',
    confidence: 1,
    evidence: {
      signal,
      since: context.time.format(run.start),
      count: run.count,
      resolution: runtime.plan.devices.get(device)?.outlets[0]?.outlet.resolution[signal] ?? null,
      changes: [...run.changes],
    },
  });
}

/** One finding a run, published once for all of its values, whatever order they were sent in. */
export function noteRewrites(runtime: SiteRuntime, values: readonly RewrittenValue[]): void {
  const touched = new Map<RewriteRun, { device: string; signal: string }>();
  for (const value of [...values].sort((a, b) => a.report.ts - b.report.ts)) {
    const { report, first, later } = value;
    const part = changedPart(runtime, value) ?? (first.flag === later.flag ? undefined : 'value');
    if (part === undefined) continue;
    const everyMs = runtime.plan.devices.get(report.device)?.device.everyMs ?? HOUR_MS;
    const run = runFor(runtime, value, everyMs);
    if (addChange(runtime, run, value, part)) touched.set(run, { device: report.device, signal: first.signal });
  }
  for (const [run, { device, signal }] of touched) emitRun(runtime, device, signal, run);
}
