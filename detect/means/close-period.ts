/** A period of an outlet ends: its means by signal, converted, with all that its judgement rests on. */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { formatClockDuration } from '../../contracts/time/duration.ts';
import { isPollutant, type OutletPlan } from '../core/site-plan.ts';
import type { Device } from '../../contracts/registry/registry.ts';
import type { Excuse } from './excuse.ts';
import type { JudgedPeriod } from './judged-period.ts';
import { showsStandstill } from './meter-hour.ts';
import type { OutletState } from './outlet-state.ts';
import { AIR_O2_PERCENT, lowestOxygen, toDry, toReferenceOxygen } from './oxygen.ts';
import { closeCell, type CellMean, type PeriodCell } from './period-cell.ts';

export interface ClosingPeriod {
  readonly average: string;
  readonly start: number;
  readonly end: number;
  /** Local hour and day that the period lies in. */
  readonly hourStart: number;
  readonly dayStart: number;
  readonly excuse: Excuse | null;
}

type DeviceMeans = ReadonlyMap<string, CellMean>;

/** Every cell of the period, closed, by device and signal. */
function closeCells(plan: OutletPlan, state: OutletState, period: ClosingPeriod): ReadonlyMap<string, DeviceMeans> {
  const means = new Map<string, DeviceMeans>();
  for (const device of plan.devices) {
    const channels = state.channels[device.id];
    if (channels === undefined) continue;
    const bySignal = new Map<string, CellMean>();
    for (const signal in channels) {
      const cell: PeriodCell | undefined =
        period.average === 'PT1H' ? channels[signal]?.hour : channels[signal]?.short[period.average];
      if (cell !== undefined) bySignal.set(signal, closeCell(cell, device.everyMs));
    }
    means.set(device.id, bySignal);
  }
  return means;
}

/** Devices in force at the period's start, the primary first. */
function devicesInForce(plan: OutletPlan, at: number): readonly Device[] {
  const inForce = plan.outlet.devices.filter((entry) => at >= entry.fromAt && at < entry.toAt);
  const ordered = [...inForce].sort((a, b) => (a.role === b.role ? 0 : a.role === 'primary' ? -1 : 1));
  return ordered.flatMap((entry) => plan.devices.find((device) => device.id === entry.value) ?? []);
}

/**
 * Not operating: every production meter shows standstill; where the lines have no meters, O2 like air (only with a
 * reference oxygen). Partly on, or meter data missing = operating.
 */
function isOperating(plan: OutletPlan, state: OutletState, period: ClosingPeriod, o2: number | null): boolean {
  if (plan.meters.length > 0) {
    const span = { from: period.start, to: period.end };
    return !plan.meters.every(({ device }) => {
      const hour = state.meters[device.id];
      return hour !== undefined && showsStandstill(hour, period.hourStart, span);
    });
  }
  return !(plan.outlet.o2Reference !== undefined && o2 !== null && o2 >= AIR_O2_PERCENT);
}

interface Conversion {
  readonly value: number | null;
  readonly assumedO2: number | null;
}

const NO_CONVERSION: Conversion = { value: null, assumedO2: null };

/** The converted value, exact or as a lower bound. Wet O2 is as wet as the rest: both are dried first. */
function convert(plan: OutletPlan, state: OutletState, period: ClosingPeriod, at: { mean: number; o2: number | null }): Conversion {
  const reference = plan.outlet.o2Reference;
  if (reference === undefined) return NO_CONVERSION;
  if (at.o2 !== null) {
    return at.o2 >= AIR_O2_PERCENT
      ? NO_CONVERSION
      : { value: toReferenceOxygen(at.mean, reference, at.o2), assumedO2: null };
  }
  const assumedO2 = lowestOxygen(state.oxygen, period.dayStart);
  return assumedO2 === undefined
    ? NO_CONVERSION
    : { value: toReferenceOxygen(at.mean, reference, assumedO2), assumedO2 };
}

interface DeviceFacts {
  readonly device: string;
  readonly means: DeviceMeans;
  /** Dry O2 in %, where valid. */
  readonly o2: number | null;
  readonly o2OverRange: boolean;
  /** Divides a wet concentration; null where the outlet is wet and the humidity unknown. */
  readonly dry: ((wet: number) => number | undefined) | null;
}

function deviceFacts(plan: OutletPlan, device: string, means: DeviceMeans): DeviceFacts {
  const humidity = means.get('humidity')?.mean ?? null;
  const isWet = plan.outlet.basis === 'wet';
  const dry = !isWet ? (wet: number) => wet : humidity === null ? null : (wet: number) => toDry(wet, humidity);
  const rawO2 = means.get('o2')?.mean ?? null;
  const o2 = rawO2 === null || dry === null ? null : (dry(rawO2) ?? null);
  return { device, means, o2, o2OverRange: means.get('o2')?.overRange ?? false, dry };
}

function partsUnit(partMs: number): string {
  return partMs === 60_000 ? 'minutes' : formatClockDuration(partMs);
}

function judgedPeriod(
  plan: OutletPlan,
  state: OutletState,
  period: ClosingPeriod,
  of: { signal: string; facts: DeviceFacts; cell: CellMean; operating: boolean },
): JudgedPeriod {
  const { signal, facts, cell } = of;
  const pollutant = isPollutant(signal);
  const dry = pollutant ? facts.dry : (wet: number) => wet;
  const mean = cell.mean === null || dry === null ? null : (dry(cell.mean) ?? null);
  const isConverted = pollutant && plan.outlet.o2Reference !== undefined;
  const conversion = isConverted && mean !== null ? convert(plan, state, period, { mean, o2: facts.o2 }) : NO_CONVERSION;
  const value = isConverted ? conversion.value : mean;
  const later = cell.later === null || mean === null || cell.mean === null || value === null || cell.mean === 0
    ? cell.later
    : (value * cell.later) / cell.mean;
  return {
    outlet: plan.outlet.id,
    device: facts.device,
    signal,
    average: period.average,
    start: period.start,
    end: period.end,
    valid: cell.valid,
    mean,
    converted: conversion.value,
    o2: facts.o2,
    lowerBound: cell.overRange || conversion.assumedO2 !== null || (isConverted && facts.o2OverRange),
    assumedO2: conversion.assumedO2,
    overRange: cell.overRange,
    value,
    operating: of.operating,
    excuse: period.excuse,
    parts: { valid: cell.parts.valid, expected: cell.parts.expected, unit: partsUnit(cell.parts.partMs) },
    source: cell.source,
    ownMean: cell.own?.mean ?? null,
    ownConverted: cell.own?.converted ?? null,
    later,
  };
}

const NOTHING: CellMean = {
  mean: null,
  valid: false,
  source: 'samples',
  overRange: false,
  parts: { valid: 0, expected: 60, partMs: 60_000 },
  own: null,
  later: null,
};

/** The first device in force whose mean of the signal is valid; else the first. */
function choose(candidates: readonly DeviceFacts[], signal: string): DeviceFacts | undefined {
  return candidates.find((facts) => facts.means.get(signal)?.valid === true) ?? candidates[0];
}

/** Closes every signal of the outlet for one period; limited signals are there even without data. */
export function closePeriod(plan: OutletPlan, state: OutletState, period: ClosingPeriod): readonly JudgedPeriod[] {
  const closed = closeCells(plan, state, period);
  const candidates = devicesInForce(plan, period.start).map((device) =>
    deviceFacts(plan, device.id, closed.get(device.id) ?? new Map<string, CellMean>()),
  );
  const known = candidates.find((facts) => facts.o2 !== null);
  const operating = isOperating(plan, state, period, known?.o2 ?? null);
  const signals = new Set(plan.limits.filter((limit) => limit.average.text === period.average).map((limit) => limit.signal));
  if (period.average === 'PT1H') {
    for (const signal of plan.limitedSignals) signals.add(signal);
    for (const facts of candidates) for (const signal of facts.means.keys()) signals.add(signal);
  }
  const judged: JudgedPeriod[] = [];
  for (const signal of signals) {
    const facts = choose(candidates, signal);
    if (facts === undefined) continue;
    const cell = facts.means.get(signal) ?? NOTHING;
    judged.push(judgedPeriod(plan, state, period, { signal, facts: facts.o2 === null && known !== undefined ? { ...facts, o2: known.o2 } : facts, cell, operating }));
  }
  return judged;
}

export function isHour(period: { readonly start: number; readonly end: number }): boolean {
  return period.end - period.start === HOUR_MS;
}
