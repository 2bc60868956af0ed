/**
 * Ten-minute periods of an outlet with a legal maximum, for sudden rises. They are closed by the first report behind
 * them, or at the hour: no boundary of their own, and no sums of their own either.
 */
import { EXCUSING_STATES, type Device, type Limit } from '../../contracts/registry/registry.ts';
import { devicesInForce, isOperating } from '../means/close-period.ts';
import { AIR_O2_PERCENT, toDry, toReferenceOxygen } from '../means/oxygen.ts';
import { settleSamples } from '../means/period-cell.ts';
import { slotBase, slotMean, type SlotBase, type SlotMean } from '../means/slot-mean.ts';
import { initialSurgeState, limitSurge, stepSurge, type SurgeSlot } from '../rules/limit.surge.ts';
import type { BoundOutlet } from './bound-parts.ts';
import { isGas } from './closing.ts';
import type { EventState, OutletStream } from './event-state.ts';
import { SLOT_MS } from './limit-watch.ts';
import { spansBetween } from './mark-book.ts';
import { toldTo } from './meter-told.ts';
import type { Scribe } from './scribe.ts';
import type { OutletPlan, SitePlan } from './site-plan.ts';
import type { SlotValue, WaitingSlot } from './slot-watch.ts';

interface SlotStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

interface Slot {
  readonly start: number;
  readonly end: number;
  readonly hourStart: number;
}

const MARKS = [...EXCUSING_STATES, 'calibration', 'maintenance'];

/** Signals that the compared values are made of. */
function neededSignals(plan: OutletPlan): readonly string[] {
  const { o2Reference, basis } = plan.outlet;
  return [
    ...plan.watch.surging.map(({ signal }) => signal),
    ...(o2Reference === undefined ? [] : ['o2']),
    ...(basis === 'wet' ? ['humidity'] : []),
  ];
}

/** A period begins: what the hour's sums are now is not its own. Called before the report that it begins with counts. */
function beginSlot(plan: OutletPlan, stream: OutletStream, at: { ts: number; hourStart: number }): void {
  const { slot, means } = stream;
  slot.start = at.hourStart + Math.floor((at.ts - at.hourStart) / SLOT_MS) * SLOT_MS;
  slot.bases = {};
  for (const { id } of plan.devices) {
    const channels = means.channels[id];
    if (channels === undefined) continue;
    const bases: Record<string, SlotBase> = {};
    for (const signal of neededSignals(plan)) {
      const base = slotBase(channels[signal]?.hour, at.hourStart);
      if (base.length > 0) bases[signal] = base;
    }
    slot.bases[id] = bases;
  }
}

function meanOf(stream: OutletStream, device: Device, signal: string, slot: Slot): SlotMean | undefined {
  const cell = stream.means.channels[device.id]?.[signal]?.hour;
  if (cell === undefined) return undefined;
  settleSamples(cell, device.everyMs, slot.end);
  const base = stream.slot.bases[device.id]?.[signal] ?? [];
  return slotMean(cell, base, { hourStart: slot.hourStart, slotMs: SLOT_MS });
}

interface SlotClosing {
  readonly site: SitePlan;
  readonly plan: OutletPlan;
  readonly stream: OutletStream;
  readonly slot: Slot;
  readonly devices: readonly Device[];
  /** Dry O2 of each device, once it was asked for; undefined where it is not known exactly. */
  readonly oxygen: Map<string, number | undefined>;
}

/** Dry mean; undefined where it is not known exactly. */
function exactMean(closing: SlotClosing, device: Device, found: SlotMean, isDried: boolean): number | undefined {
  if (found.overRange) return undefined;
  if (!isDried || closing.plan.outlet.basis !== 'wet') return found.mean;
  const humidity = meanOf(closing.stream, device, 'humidity', closing.slot);
  return humidity === undefined || humidity.overRange ? undefined : toDry(found.mean, humidity.mean);
}

function ownOxygen(closing: SlotClosing, device: Device): number | undefined {
  const { oxygen } = closing;
  if (!oxygen.has(device.id)) {
    const found = meanOf(closing.stream, device, 'o2', closing.slot);
    oxygen.set(device.id, found === undefined ? undefined : exactMean(closing, device, found, true));
  }
  return oxygen.get(device.id);
}

/** O2 of the given device first, else of another one. */
function oxygenOf(closing: SlotClosing, own: Device): number | undefined {
  const first = ownOxygen(closing, own);
  if (first !== undefined) return first;
  for (const device of closing.devices) {
    const o2 = ownOxygen(closing, device);
    if (o2 !== undefined) return o2;
  }
  return undefined;
}

const NOTHING = { value: null, mean: 0, o2: null, valid: 0, expected: 0 } as const;

/** The signal's value as its limit would see it, of the first device in force that has a valid mean. */
function measure(closing: SlotClosing, signal: string): SlotValue {
  for (const device of closing.devices) {
    const found = meanOf(closing.stream, device, signal, closing.slot);
    if (found !== undefined) return measureBy(closing, signal, device, found);
  }
  return { ...NOTHING, device: closing.devices[0]?.id ?? '' };
}

function measureBy(closing: SlotClosing, signal: string, device: Device, found: SlotMean): SlotValue {
  const isGasHere = isGas(closing.site, signal);
  const mean = exactMean(closing, device, found, isGasHere);
  if (mean === undefined) return { ...NOTHING, device: device.id };
  const { valid, expected } = found;
  const reference = closing.plan.outlet.o2Reference;
  if (!isGasHere || reference === undefined) return { value: mean, mean, o2: null, valid, expected, device: device.id };
  const o2 = oxygenOf(closing, device);
  const isKnown = o2 !== undefined && o2 < AIR_O2_PERCENT;
  const value = isKnown ? toReferenceOxygen(mean, reference, o2) : null;
  return { value, mean, o2: o2 ?? null, valid, expected, device: device.id };
}

function limitAt(limits: readonly Limit[], at: number): Limit | undefined {
  return limits.find((limit) => at >= limit.fromAt && at < limit.toAt);
}

function isTouched({ state }: SlotStream, plan: OutletPlan, { start, end }: Slot): boolean {
  if (plan.marks.length === 0 && state.marks.length === 0) return false;
  return spansBetween(plan.marks, state.marks, plan.deviceIds, { from: start, to: end, states: MARKS }).length > 0;
}

/** Everything before the running period's end is read: what it came to waits for the meters. */
function endSlot(of: SlotStream, plan: OutletPlan, stream: OutletStream, start: number): void {
  const slot: Slot = { start, end: start + SLOT_MS, hourStart: of.plan.time.hourStart(start) };
  const devices = devicesInForce(plan, start);
  const closing: SlotClosing = { site: of.plan, plan, stream, slot, devices, oxygen: new Map() };
  const o2 = devices[0] === undefined ? undefined : oxygenOf(closing, devices[0]);
  const values: Record<string, SlotValue> = {};
  for (const { signal } of plan.watch.surging) values[signal] = measure(closing, signal);
  stream.slot.waiting.push({ start, isMarked: isTouched(of, plan, slot), o2: o2 ?? null, values });
  stream.slot.start = null;
  stream.slot.bases = {};
}

function judgeSlot(of: SlotStream, plan: OutletPlan, stream: OutletStream, waiting: WaitingSlot): void {
  const { start, isMarked, o2, values } = waiting;
  const end = start + SLOT_MS;
  const period = { start, end, hourStart: of.plan.time.hourStart(start) };
  const operating = isOperating(plan, stream.means, period, o2);
  const context = of.scribe.context(limitSurge);
  for (const { signal, limits } of plan.watch.surging) {
    const value = values[signal];
    if (value === undefined) continue;
    const { device, ...measured } = value;
    const surge = (stream.slot.surges[signal] ??= initialSurgeState());
    const subject = { outlet: plan.outlet.id, device, signal };
    const said: SurgeSlot = { start, end, operating, isMarked, ...measured };
    stepSurge(surge, said, { subject, limit: limitAt(limits, start), context });
  }
}

/** Periods that end by then are told by every meter that will ever tell of them. */
function judgeSlots(of: SlotStream, plan: OutletPlan, stream: OutletStream, until: number): void {
  const { waiting } = stream.slot;
  while (waiting.length > 0) {
    const first = waiting[0] as WaitingSlot;
    if (first.start + SLOT_MS > until) return;
    waiting.shift();
    judgeSlot(of, plan, stream, first);
  }
}

/** The hour is over: its last period, and all that wait. */
export function closeSlots(of: SlotStream, plan: OutletPlan, stream: OutletStream, end: number): void {
  if (stream.slot.start !== null) endSlot(of, plan, stream, stream.slot.start);
  judgeSlots(of, plan, stream, end);
}

/** A report of the outlet's devices is about to be counted. */
export function passSlots(
  of: SlotStream,
  { plan, stream, members }: BoundOutlet,
  at: { readonly ts: number; readonly hourStart: number },
): void {
  if (plan.watch.surging.length === 0) return;
  const { start } = stream.slot;
  if (start !== null && at.ts < start + SLOT_MS) return;
  if (start !== null) endSlot(of, plan, stream, start);
  let told = at.ts;
  for (const member of members) told = Math.min(told, toldTo(member, at.hourStart, at.ts));
  judgeSlots(of, plan, stream, told);
  beginSlot(plan, stream, at);
}
