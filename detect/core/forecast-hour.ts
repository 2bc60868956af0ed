/**
 * Each report of a stack monitor: is the running hour lost already? Arithmetic first, on the sums that the hour's means
 * are made of; marks and meters are asked only where the sums say yes.
 */
import { EXCUSING_STATES, type Device, type Limit } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { devicesInForce } from '../means/close-period.ts';
import { excuseRunningHour } from '../means/excuse.ts';
import { leastMean, mostLeastMean, runningParts, type Running } from '../means/least-mean.ts';
import { mayShowStandstill, wasOn } from '../means/meter-hour.ts';
import type { OutletState } from '../means/outlet-state.ts';
import { AIR_O2_PERCENT, lowestOxygen, toDry, toReferenceOxygen } from '../means/oxygen.ts';
import type { PeriodCell } from '../means/period-cell.ts';
import { longStart } from '../means/long-cell.ts';
import { limitForecast, openForecast, type Foresight } from '../rules/limit.forecast.ts';
import type { BoundOutlet } from './bound-parts.ts';
import { isGas } from './closing.ts';
import type { EventState } from './event-state.ts';
import { spansBetween } from './mark-book.ts';
import { toldTo } from './meter-told.ts';
import type { Scribe } from './scribe.ts';
import type { OutletPlan, SitePlan } from './site-plan.ts';
import type { StreamReport } from './stream-report.ts';

export interface RunningStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

/** The most that O2 can be in air, % . */
const MOST_O2_PERCENT = 21;

/** Time of the running hour. */
interface Hour {
  readonly start: number;
  readonly now: number;
}

interface Looking {
  readonly stream: RunningStream;
  readonly outlet: BoundOutlet;
  readonly hour: Hour;
}

function cellOf(means: OutletState, device: string, signal: string): PeriodCell | undefined {
  return means.channels[device]?.[signal]?.hour;
}

function runningOf(device: Device, hour: Hour): Running {
  return { start: hour.start, now: hour.now, everyMs: device.everyMs };
}

/** Enough of the hour is left for a device that has said nothing yet. */
function mayStillSpeak(device: Device, hour: Hour): boolean {
  const partMs = Math.max(MINUTE_MS, device.everyMs);
  const whole = Math.max(1, Math.floor(HOUR_MS / partMs));
  return whole - Math.ceil((hour.now - hour.start) / partMs) >= 0.75 * whole;
}

/** The device that the hour's mean will come from; undefined while that is open, or where none can be valid. */
function decidingDevice(plan: OutletPlan, means: OutletState, signal: string, hour: Hour): Device | undefined {
  const [only] = plan.devices;
  const isAlone = plan.outlet.devices.length === 1;
  for (const device of isAlone && only !== undefined ? [only] : devicesInForce(plan, hour.start)) {
    if (!Number.isNaN(leastMean(cellOf(means, device.id, signal), runningOf(device, hour)))) return device;
    if (mayStillSpeak(device, hour)) return undefined;
  }
  return undefined;
}

interface Least {
  readonly value: number;
  readonly mean: number;
  readonly o2: number | null;
  readonly assumedO2: number | null;
  readonly o2Device: Device | undefined;
}

/** Dry: with a humidity of zero for the rest, which dries least. NaN where it cannot be known. */
function dried(plan: OutletPlan, means: OutletState, wet: number, at: { device: Device; hour: Hour }): number {
  if (plan.outlet.basis !== 'wet') return wet;
  const humidity = leastMean(cellOf(means, at.device.id, 'humidity'), runningOf(at.device, at.hour));
  return Number.isNaN(humidity) ? Number.NaN : (toDry(wet, humidity) ?? Number.NaN);
}

function ownO2(means: OutletState, { device, hour }: { device: Device; hour: Hour }): number {
  return leastMean(cellOf(means, device.id, 'o2'), runningOf(device, hour));
}

/** Dry O2 of the first device that can have a valid one in this hour, the signal's own before others. */
function leastOxygen(
  plan: OutletPlan,
  means: OutletState,
  at: { device: Device; hour: Hour },
): { readonly o2: number; readonly device: Device } | undefined {
  const ownDry = dried(plan, means, ownO2(means, at), at);
  if (!Number.isNaN(ownDry)) return { o2: ownDry, device: at.device };
  if (plan.outlet.devices.length === 1) return undefined;
  for (const device of devicesInForce(plan, at.hour.start)) {
    const other = { device, hour: at.hour };
    const dry = dried(plan, means, ownO2(means, other), other);
    if (!Number.isNaN(dry)) return { o2: dry, device };
  }
  return undefined;
}

/** Converted with the least O2; undefined where that cannot be said. */
function convertLeast(
  { stream, outlet, hour }: Looking,
  mean: number,
  device: Device,
  reference: number,
): Least | undefined {
  const { means } = outlet.stream;
  const known = leastOxygen(outlet.plan, means, { device, hour });
  // No O2 yet, and it may still come: nothing to convert with until it does or no longer can.
  if (known === undefined && mayStillSpeak(device, hour)) return undefined;
  const assumedO2 =
    known === undefined ? (lowestOxygen(means.oxygen, stream.plan.time.dayStart(hour.start)) ?? null) : null;
  const o2 = known?.o2 ?? assumedO2;
  if (o2 === null || o2 >= AIR_O2_PERCENT) return undefined;
  return { value: toReferenceOxygen(mean, reference, o2), mean, o2, assumedO2, o2Device: known?.device };
}

/** What the limit will be compared with at least. */
function leastValue(looking: Looking, signal: string, device: Device): Least | undefined {
  const { stream, outlet, hour } = looking;
  const { means } = outlet.stream;
  const raw = leastMean(cellOf(means, device.id, signal), runningOf(device, hour));
  const isGasHere = isGas(stream.plan, signal);
  const mean = isGasHere ? dried(outlet.plan, means, raw, { device, hour }) : raw;
  if (Number.isNaN(mean)) return undefined;
  const reference = outlet.plan.outlet.o2Reference;
  return isGasHere && reference !== undefined
    ? convertLeast(looking, mean, device, reference)
    : { value: mean, mean, o2: null, assumedO2: null, o2Device: undefined };
}

/** Why the hour will count as one at work, whatever is still to come; undefined: it may still turn out as standstill. */
function operatingBy({ outlet, hour }: Looking, o2Device: Device | undefined): Foresight['operatingBy'] | undefined {
  const { plan, stream, members } = outlet;
  const { meters } = stream.means;
  if (plan.meters.length > 0) {
    if (plan.meters.some(({ device }) => wasOn(meters[device.id], hour.start))) return 'meter';
    const isLost = members.some(
      (member) => !mayShowStandstill(meters[member.id], hour.start, toldTo(member, hour.start, hour.now)),
    );
    return isLost ? 'missing-meter-data' : undefined;
  }
  if (plan.outlet.o2Reference === undefined || o2Device === undefined) return 'no-meters';
  const o2 = runningParts(cellOf(stream.means, o2Device.id, 'o2'), runningOf(o2Device, hour));
  if (o2 === undefined) return 'no-meters';
  const most = (o2.sum + MOST_O2_PERCENT * o2.remaining) / (o2.valid + o2.remaining);
  return most < AIR_O2_PERCENT ? 'no-meters' : undefined;
}

function isExcused({ stream, outlet, hour }: Looking): boolean {
  const { plan, state } = stream;
  const { marks, deviceIds, outlet: facts } = outlet.plan;
  if (marks.length === 0 && state.marks.length === 0) return false;
  const window = { from: hour.start, to: hour.start + HOUR_MS, states: EXCUSING_STATES };
  const spans = spansBetween(marks, state.marks, deviceIds, window);
  if (spans.length === 0) return false;
  const at = { start: hour.start, yearStart: plan.time.yearStart(hour.start) };
  return excuseRunningHour(outlet.stream.means.spending, at, spans, facts.excuse) !== null;
}

/** The hour would be one of those that the permit allows. */
function isAllowed({ stream, outlet, hour }: Looking, limit: Limit, key: string): boolean {
  const { allow } = limit;
  if (allow === undefined) return false;
  const window = longStart(stream.plan.time, allow.per, hour.start);
  const allowed = outlet.stream.limits[key]?.allowed;
  const count = allowed?.start === window ? allowed.count : 0;
  return count < allow.count;
}

function foresee(looking: Looking, limit: Limit, device: Device, least: Least): Foresight | undefined {
  const { outlet, hour } = looking;
  const { means } = outlet.stream;
  const parts = runningParts(cellOf(means, device.id, limit.signal), runningOf(device, hour));
  const by = operatingBy(looking, least.o2Device ?? device);
  if (parts === undefined || by === undefined || isExcused(looking)) return undefined;
  const { o2Device } = least;
  return {
    subject: { outlet: outlet.plan.outlet.id, device: device.id, signal: limit.signal },
    hourStart: hour.start,
    at: hour.now,
    least: least.value,
    leastMean: least.mean,
    leastO2: least.o2,
    assumedO2: least.assumedO2,
    parts,
    o2: o2Device === undefined ? undefined : runningParts(cellOf(means, o2Device.id, 'o2'), runningOf(o2Device, hour)),
    operatingBy: by,
  };
}

/**
 * The greatest factor between a mean and what the limit is compared with: worked out once a report. Infinite where O2
 * of other hours, several devices or a wet gas leave it to the long way.
 */
function greatestFactor({ plan, stream }: BoundOutlet, running: Running): number {
  const { devices, basis, o2Reference } = plan.outlet;
  if (devices.length > 1 || basis === 'wet') return Number.POSITIVE_INFINITY;
  if (o2Reference === undefined) return 1;
  const o2 = leastMean(stream.means.channels[plan.deviceIds[0] ?? '']?.['o2']?.hour, running);
  if (Number.isNaN(o2)) return Number.POSITIVE_INFINITY;
  // What is not converted stands for itself.
  return o2 >= AIR_O2_PERCENT ? 1 : Math.max(1, toReferenceOxygen(1, o2Reference, o2));
}

/** The sums alone are too small, whatever the hour's other minutes: what almost every report ends with. */
function isFarFromLost(outlet: BoundOutlet, signal: string, most: number): boolean {
  for (const { id, everyMs } of outlet.plan.devices) {
    const cell = cellOf(outlet.stream.means, id, signal);
    if (cell !== undefined && mostLeastMean(cell, everyMs) > most) return false;
  }
  return true;
}

function foreseeLimit(looking: Looking, limit: Limit, key: string, max: number): void {
  const { stream, outlet, hour } = looking;
  const device = decidingDevice(outlet.plan, outlet.stream.means, limit.signal, hour);
  if (device === undefined) return;
  const least = leastValue(looking, limit.signal, device);
  if (least === undefined || least.value <= max || isAllowed(looking, limit, key)) return;
  const seen = foresee(looking, limit, device, least);
  if (seen !== undefined)
    outlet.stream.forecasts[key] = openForecast(seen, limit, stream.scribe.context(limitForecast));
}

/** @param hourStart start of the local hour that the report's `ts` lies in */
export function forecastHour(
  stream: RunningStream,
  outlet: BoundOutlet,
  report: StreamReport,
  hourStart: number,
): void {
  const { hourly } = outlet.plan.watch;
  if (hourly.length === 0 || report.endAt >= hourStart + HOUR_MS) return;
  const { everyMs } = outlet.plan.devices[0] ?? { everyMs: MINUTE_MS };
  const running: Running = { start: hourStart, now: report.endAt, everyMs };
  const factor = greatestFactor(outlet, running);
  for (const { limit, key, max } of hourly) {
    if (isFarFromLost(outlet, limit.signal, max / factor)) continue;
    if (hourStart < limit.fromAt || hourStart >= limit.toAt) continue;
    if (outlet.stream.forecasts[key]?.hour === hourStart) continue;
    foreseeLimit({ stream, outlet, hour: running }, limit, key, max);
  }
}
