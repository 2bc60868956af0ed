/** Values that were sent again differently become `falsification.rewritten`. Facts about arrival, never rewound. */
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import type { Subject } from '../../contracts/finding.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { rewritten } from '../rules/falsification.rewritten.ts';
import type { RewriteRun } from './arrival-state.ts';
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
  const outlet = plan?.outlets[0]?.outlet.id;
  if (outlet !== undefined) return { outlet, device, signal };
  const lines = plan?.lines ?? [];
  const line = lines.length === 1 ? lines[0]?.plan.line.id : undefined;
  return line === undefined ? { device, signal } : { line, device, signal };
}

function differs(a: number | undefined, b: number | undefined, resolution: number): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return Math.abs(a - b) > resolution;
}

/** More than the signal's resolution, or another flag. */
function isRewrite(runtime: SiteRuntime, value: RewrittenValue): boolean {
  const { first, later, report } = value;
  if (first.flag !== later.flag) return true;
  if (typeof first.value !== 'number' || typeof later.value !== 'number') return first.value !== later.value;
  const outlet = runtime.plan.devices.get(report.device)?.outlets[0]?.outlet;
  const resolution = outlet?.resolution[first.signal] ?? 0;
  return (
    differs(first.value, later.value, resolution) ||
    differs(first.min, later.min, resolution) ||
    differs(first.max, later.max, resolution) ||
    differs(first.converted, later.converted, resolution)
  );
}

/** The run that the value joins: next to it in time, and sent within the hour. */
function runFor(runtime: SiteRuntime, value: RewrittenValue, everyMs: number): RewriteRun {
  const { report, received, first } = value;
  const key = `${report.device}|${first.signal}`;
  const before = runtime.arrival.rewrites[key];
  const end = report.periodMs === 0 ? report.ts + everyMs : report.endAt;
  const joins = before !== undefined && report.ts >= before.start && report.ts <= before.end + everyMs / 2 && received - before.lastReceived <= HOUR_MS;
  const run: RewriteRun = joins
    ? before
    : { start: report.ts, end, detectedAt: report.endAt, lastReceived: received, count: 0, changes: [] };
  run.end = Math.max(run.end, end);
  run.lastReceived = received;
  runtime.arrival.rewrites[key] = run;
  return run;
}

function addChange(runtime: SiteRuntime, run: RewriteRun, value: RewrittenValue): void {
  const { report, first, later } = value;
  run.count += 1;
  if (run.changes.length >= MOST_CHANGES) return;
  const { time } = runtime.plan;
  run.changes.push({
    at: time.format(report.ts),
    first: first.value,
    firstFlag: first.flag,
    later: later.value,
    laterFlag: later.flag,
    received: time.format(value.received),
    resent: report.resent,
  });
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

/** Values in the order in which they were sent; one finding a run, published once for all of them. */
export function noteRewrites(runtime: SiteRuntime, values: readonly RewrittenValue[]): void {
  const touched = new Map<RewriteRun, { device: string; signal: string }>();
  for (const value of values) {
    if (!isRewrite(runtime, value)) continue;
    const { report, first } = value;
    const everyMs = runtime.plan.devices.get(report.device)?.device.everyMs ?? HOUR_MS;
    const run = runFor(runtime, value, everyMs);
    addChange(runtime, run, value);
    touched.set(run, { device: report.device, signal: first.signal });
  }
  for (const [run, { device, signal }] of touched) emitRun(runtime, device, signal, run);
}
