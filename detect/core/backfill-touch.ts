/** What a filled stretch touches: limits, exceedances that stand, and whether the whole site was silent with its device. */
import type { Limit } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { AIR_O2_PERCENT, toDry, toReferenceOxygen } from '../means/oxygen.ts';
import type { FillRun, LateReport, LateValue, OverLimit } from '../rules/backfill-run.ts';
import type { FillReason } from '../rules/falsification.backfill.ts';
import type { ArrivingDevice, SiteRuntime } from './site-runtime.ts';
import { isPollutant, type DevicePlan, type OutletPlan } from './site-plan.ts';

const EXCEEDANCES: ReadonlySet<string> = new Set(['limit.hour', 'limit.day', 'limit.period']);

function isUsable({ flag }: LateValue): boolean {
  return flag === 'N' || flag === 'T';
}

function valueOf(report: LateReport, signal: string): number | undefined {
  return report.values.find((value) => value.signal === signal && isUsable(value))?.value;
}

/** Whether the report says that the stack holds air: nothing burns. */
export function holdsAir(report: LateReport): boolean {
  return (valueOf(report, 'o2') ?? 0) >= AIR_O2_PERCENT;
}

/** The value as the limit means it: dry, and at the reference oxygen by the report's own; undefined = cannot be said. */
function comparable(report: LateReport, value: LateValue, { outlet }: OutletPlan): number | undefined {
  if (!isPollutant(value.signal)) return value.value;
  const humidity = outlet.basis === 'wet' ? valueOf(report, 'humidity') : 0;
  const dry = humidity === undefined ? undefined : toDry(value.value, humidity);
  if (dry === undefined || outlet.o2Reference === undefined) return dry;
  const o2 = valueOf(report, 'o2');
  if (o2 === undefined) return value.converted ?? undefined;
  return o2 >= AIR_O2_PERCENT ? undefined : toReferenceOxygen(dry, outlet.o2Reference, o2);
}

/** Upper legal limits in force then; those on an hour or less where there are any: a minute is not to be held to a day's. */
function limitsAt({ limits }: OutletPlan, signal: string, at: number): readonly Limit[] {
  const inForce = limits.filter(
    (limit) =>
      limit.signal === signal &&
      limit.role === 'legal' &&
      limit.max !== undefined &&
      at >= limit.fromAt &&
      at < limit.toAt,
  );
  const short = inForce.filter(({ average }) => average.months === 0 && average.ms <= HOUR_MS);
  return short.length > 0 ? short : inForce;
}

function measuredThen(plan: DevicePlan, { outlet }: OutletPlan, at: number): boolean {
  return outlet.devices.some(({ value, fromAt, toAt }) => value === plan.device.id && at >= fromAt && at < toAt);
}

/** The first value of the report that is over a limit of its outlet. */
export function overLimit(plan: DevicePlan, report: LateReport): OverLimit | undefined {
  for (const outlet of plan.outlets) {
    if (!measuredThen(plan, outlet, report.ts)) continue;
    for (const value of report.values) {
      if (!isUsable(value)) continue;
      const limits = limitsAt(outlet, value.signal, report.ts);
      const said = limits.length === 0 ? undefined : comparable(report, value, outlet);
      const broken = said === undefined ? undefined : limits.find(({ max }) => max !== undefined && said > max);
      if (said !== undefined && broken?.max !== undefined)
        return { signal: value.signal, value: said, limit: broken.max, at: report.ts, count: 0 };
    }
  }
  return undefined;
}

/** Exceedances of its outlets that stand and overlap the stretch, or lie next to it. */
export function exceedancesBeside(runtime: SiteRuntime, plan: DevicePlan, run: FillRun): readonly FillReason[] {
  if (plan.outlets.length === 0) return [];
  const outlets = new Set(plan.outlets.map(({ outlet }) => outlet.id));
  const { time } = runtime.plan;
  const reasons: FillReason[] = [];
  for (const { draft, withdrawn } of runtime.ledger.entries()) {
    if (withdrawn !== null || !EXCEEDANCES.has(draft.rule.id) || !outlets.has(draft.subject.outlet ?? '')) continue;
    // A warning level is no permit limit.
    if (draft.severity === 'low') continue;
    const end = draft.endAt ?? Number.POSITIVE_INFINITY;
    if (draft.startAt > run.end || end < run.from) continue;
    reasons.push({
      kind: 'exceedance',
      rule: draft.rule.id,
      signal: draft.subject.signal,
      start: time.format(draft.startAt),
      end: draft.endAt === null ? null : time.format(draft.endAt),
    });
  }
  return reasons.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const AROUND_MS = 15 * MINUTE_MS;

/** Since when the other device was silent over the whole stretch; undefined = it was not. */
function silentSince({ plan, state }: ArrivingDevice, run: FillRun): number | undefined {
  const memory = state.backfill;
  if (memory === undefined || memory.onTimeEnd === null) return undefined;
  const { silence, onTimeEnd } = memory;
  const slackMs = Math.max(AROUND_MS, 1.5 * plan.device.everyMs);
  if (onTimeEnd <= run.from + slackMs) return onTimeEnd;
  const wasSilent = silence !== null && silence.from <= run.from + slackMs && silence.to >= run.end - slackMs;
  return wasSilent ? silence.from : undefined;
}

/** Every other device that is ever heard was silent over the stretch, and at least one of them fell silent with it. */
export function isSiteSilent(runtime: SiteRuntime, plan: DevicePlan, run: FillRun): boolean {
  let hasCompany = false;
  for (const other of runtime.devices.values()) {
    if (other.plan === plan || (other.state.backfill?.onTimeEnd ?? null) === null) continue;
    const since = silentSince(other, run);
    if (since === undefined) return false;
    if (since >= run.from - HOUR_MS - 1.5 * other.plan.device.everyMs) hasCompany = true;
  }
  return hasCompany;
}
