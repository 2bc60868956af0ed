/** A filled stretch as a finding: shape of its channels, what it touches, evidence. */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { Identity } from '../findings/ledger.ts';
import type { FillRun, LateReport, PeriodArrivals } from '../rules/backfill-run.ts';
import { backfill, severityOfFill, type FillReason } from '../rules/falsification.backfill.ts';
import { addToShape, brokenShape, initialFillShape, type Ends } from '../rules/fill-shape.ts';
import { habitOf } from './backfill-habits.ts';
import { exceedancesBeside, holdsAir, isSiteSilent } from './backfill-touch.ts';
import { deviceSubject } from './device-subject.ts';
import type { ArrivingDevice, SiteRuntime } from './site-runtime.ts';
import { isPollutant } from './site-plan.ts';

/** Signals of a stack that move by themselves while it works. */
const MOVING: ReadonlySet<string> = new Set(['o2', 'flow', 'velocity']);

function resolutionOf(device: ArrivingDevice, signal: string, learned: number): number {
  return device.plan.outlets[0]?.outlet.resolution[signal] ?? learned;
}

function lowestOf(device: ArrivingDevice, signal: string): number {
  return device.plan.outlets[0]?.outlet.ranges[signal]?.[0] ?? 0;
}

function moves(signal: string): boolean {
  return isPollutant(signal) || MOVING.has(signal);
}

/** Adds a late report to the shapes of its channels: of a stack that works, unflagged, off the detection floor. */
export function addToShapes(
  runtime: SiteRuntime,
  device: ArrivingDevice,
  arrivals: PeriodArrivals,
  at: { readonly run: FillRun; readonly report: LateReport },
): void {
  const { run, report } = at;
  if (device.plan.outlets.length === 0 || holdsAir(report)) return;
  const { ts, periodMs } = report;
  const calmShare = runtime.arrivalScribe.context(backfill).parameter('smoothShare');
  const stepMs = periodMs === 0 ? device.plan.device.everyMs : periodMs;
  for (const { signal, value, flag } of report.values) {
    const habit = flag === 'N' && moves(signal) ? habitOf(arrivals, signal) : undefined;
    if (habit === undefined) continue;
    const resolution = resolutionOf(device, signal, habit.step);
    if (value <= lowestOf(device, signal) + resolution) continue;
    const shape = (run.shapes[`${String(periodMs)}|${signal}`] ??= initialFillShape());
    addToShape(shape, { value, ts, stepMs, resolution, calmShare }, habit);
  }
}

function endsOf(arrivals: PeriodArrivals, signal: string, run: FillRun, stepMs: number): Ends | undefined {
  const { gap } = arrivals;
  if (gap === null || run.from < gap.from || run.end > gap.to + 1.5 * stepMs) return undefined;
  return gap.ends[signal];
}

function shapeReasons(runtime: SiteRuntime, device: ArrivingDevice, run: FillRun): readonly FillReason[] {
  const context = runtime.arrivalScribe.context(backfill);
  return Object.entries(run.shapes).flatMap(([key, shape]): FillReason[] => {
    const [period = '', signal = ''] = key.split('|');
    const arrivals = device.state.backfill?.periods[period];
    const habit = arrivals === undefined ? undefined : habitOf(arrivals, signal);
    if (arrivals === undefined || habit === undefined) return [];
    const resolution = resolutionOf(device, signal, habit.step);
    const stepMs = Number(period) === 0 ? device.plan.device.everyMs : Number(period);
    const ends = endsOf(arrivals, signal, run, stepMs);
    const kind = brokenShape(shape, habit, { resolution, ends }, context);
    if (kind === undefined) return [];
    return [
      {
        kind,
        signal,
        samples: kind === 'interpolated' ? shape.longest : shape.samples,
        ...(kind === 'smooth' ? { calmShare: shape.calm / shape.bends } : {}),
        usualBend: habit.bend,
        resolution,
      },
    ];
  });
}

function reasonsOf(runtime: SiteRuntime, device: ArrivingDevice, run: FillRun): readonly FillReason[] {
  const { over } = run;
  const { time } = runtime.plan;
  const overLimit: FillReason[] =
    over === null ? [] : [{ kind: 'over-limit', ...over, at: time.format(over.at), count: over.count }];
  return [...overLimit, ...exceedancesBeside(runtime, device.plan, run), ...shapeReasons(runtime, device, run)];
}

function identityOf(device: ArrivingDevice, run: FillRun): Identity {
  return { rule: backfill, subject: deviceSubject(device.plan, run.signal ?? undefined), startAt: run.start };
}

/** An older report came later: the finding has another start, and so another name. */
function moveStart(runtime: SiteRuntime, device: ArrivingDevice, run: FillRun): void {
  if (run.from >= run.start) return;
  const before = identityOf(device, run);
  run.start = run.from;
  if (run.told !== null) runtime.ledger.retract(before, 'late-data', identityOf(device, run));
}

/** Publishes the run as it stands. */
export function emitFill(runtime: SiteRuntime, device: ArrivingDevice, run: FillRun): void {
  const context = runtime.arrivalScribe.context(backfill);
  const { time } = context;
  moveStart(runtime, device, run);
  const reasons = reasonsOf(runtime, device, run);
  const siteSilent = isSiteSilent(runtime, device.plan, run);
  const severity = severityOfFill(reasons, siteSilent);
  run.told = { count: run.count, at: run.lastReceived, severity, over: run.over !== null };
  const isAllResent = run.resent === run.count;
  context.emit({
    ...identityOf(device, run),
    endAt: run.isOpen ? null : run.end,
    state: run.isOpen ? 'open' : 'closed',
    detectedAt: run.detectedAt,
    severity,
    confidence: severity === 'info' ? 1 : 0.9,
    evidence: {
      device: device.plan.device.id,
      since: time.format(run.from),
      until: time.format(run.end),
      minutes: (run.end - run.from) / MINUTE_MS,
      count: run.count,
      resent: run.resent,
      leastLateMinutes: run.leastLateMs / MINUTE_MS,
      mostLateMinutes: run.mostLateMs / MINUTE_MS,
      allowedMinutes: context.parameter(isAllResent ? 'resentLateMs' : 'lateMs') / MINUTE_MS,
      firstReceived: time.format(run.firstReceived),
      lastReceived: time.format(run.lastReceived),
      siteSilent,
      reasons,
    },
  });
}

/** It was the device's clock: what was said is withdrawn. */
export function retractFill(runtime: SiteRuntime, device: ArrivingDevice, run: FillRun): void {
  runtime.ledger.retract(identityOf(device, run), 'clock');
}
