/** A period of an outlet ends: its means by signal, converted, with all that its judgement rests on. */
import { formatClockDuration } from '../../contracts/time/duration.ts';
import type { OutletPlan } from '../core/site-plan.ts';
import type { Device } from '../../contracts/registry/registry.ts';
import { combine, convert, dryGas, twice, type Conversion, type Twice } from './conversion.ts';
import type { Excuse } from './excuse.ts';
import type { JudgedPeriod } from './judged-period.ts';
import { showsStandstill } from './meter-hour.ts';
import type { OutletState } from './outlet-state.ts';
import { ownDayMeans } from './own-day.ts';
import { AIR_O2_PERCENT } from './oxygen.ts';
import { closeCell, type CellMean, type PeriodCell } from './period-cell.ts';

export interface ClosingPeriod {
  /** ISO 8601 */
  readonly average: string;
  readonly start: number;
  readonly end: number;
  /** Local hour and day that the period lies in. */
  readonly hourStart: number;
  readonly dayStart: number;
  readonly excuse: Excuse | null;
  /** A concentration in mg/m³: it is dried and converted. */
  readonly isGas: (signal: string) => boolean;
}

/** Means of one device by signal. */
export type DeviceMeans = ReadonlyMap<string, CellMean>;

/** Every cell of the period, closed, by device and signal. */
export function closeCells(
  plan: OutletPlan,
  state: OutletState,
  period: ClosingPeriod,
): ReadonlyMap<string, DeviceMeans> {
  const means = new Map<string, DeviceMeans>();
  for (const device of plan.devices) {
    const channels = state.channels[device.id];
    if (channels === undefined) continue;
    const bySignal = new Map<string, CellMean>();
    for (const signal in channels) {
      const cell: PeriodCell | undefined =
        period.average === 'PT1H' ? channels[signal]?.hour : channels[signal]?.short[period.average];
      if (cell !== undefined) bySignal.set(signal, closeCell(cell, period.start, device.everyMs));
    }
    means.set(device.id, bySignal);
  }
  return means;
}

/** Devices in force at the period's start, the primary first. */
export function devicesInForce(plan: OutletPlan, at: number): readonly Device[] {
  const inForce = plan.outlet.devices.filter((entry) => at >= entry.fromAt && at < entry.toAt);
  const ordered = [...inForce].sort((a, b) => (a.role === b.role ? 0 : a.role === 'primary' ? -1 : 1));
  return ordered.flatMap((entry) => plan.devices.find((device) => device.id === entry.value) ?? []);
}

/**
 * Not operating: every production meter shows standstill; where the lines have no meters, O2 like air (only with a
 * reference oxygen). Partly on, or meter data missing = operating.
 */
export function isOperating(
  plan: OutletPlan,
  state: OutletState,
  period: Pick<ClosingPeriod, 'start' | 'end' | 'hourStart'>,
  o2: number | null,
): boolean {
  if (plan.meters.length > 0) {
    const span = { from: period.start, to: period.end };
    return !plan.meters.every(({ device }) => {
      const hour = state.meters[device.id];
      return hour !== undefined && showsStandstill(hour, period.hourStart, span);
    });
  }
  return !(plan.outlet.o2Reference !== undefined && o2 !== null && o2 >= AIR_O2_PERCENT);
}

interface DeviceFacts {
  readonly device: string;
  readonly means: DeviceMeans;
  /** Dry O2 in %, where valid. */
  readonly o2: Twice | null;
  readonly o2OverRange: boolean;
  /** Of a wet gas in %, where valid; null also where the outlet is dry. */
  readonly humidity: Twice | null;
  readonly humidityOverRange: boolean;
}

function deviceFacts(plan: OutletPlan, device: string, means: DeviceMeans): DeviceFacts {
  const isWet = plan.outlet.basis === 'wet';
  const humidity = isWet ? twice(means.get('humidity')) : null;
  const o2 = means.get('o2');
  return {
    device,
    means,
    o2: isWet ? dryGas(twice(o2), humidity) : twice(o2),
    o2OverRange: o2?.overRange ?? false,
    humidity,
    humidityOverRange: isWet && (means.get('humidity')?.overRange ?? false),
  };
}

function partsUnit(partMs: number): string {
  return partMs === 60_000 ? 'minutes' : formatClockDuration(partMs);
}

interface Judging {
  readonly plan: OutletPlan;
  readonly state: OutletState;
  readonly period: ClosingPeriod;
  readonly operating: boolean;
}

const NO_CONVERSION: Conversion = { value: null, assumedO2: null };

/** What the limit is compared with, and how it came about. */
function compared(
  judging: Judging,
  signal: string,
  facts: DeviceFacts,
  cell: CellMean,
): { mean: Twice | null; conversion: Conversion; isConverted: boolean } {
  const { plan, state, period } = judging;
  const isGas = period.isGas(signal);
  const raw = twice(cell);
  const mean = isGas && plan.outlet.basis === 'wet' ? dryGas(raw, facts.humidity) : raw;
  const reference = plan.outlet.o2Reference;
  if (!isGas || reference === undefined) return { mean, conversion: NO_CONVERSION, isConverted: false };
  const conversion =
    mean === null
      ? NO_CONVERSION
      : convert(mean, facts.o2, reference, { history: state.oxygen, dayStart: period.dayStart });
  return { mean, conversion, isConverted: true };
}

/** Whether something that was over its range makes the value the least that it can be. */
function isBound(facts: DeviceFacts, cell: CellMean, of: { isGas: boolean; isConverted: boolean }): boolean {
  return cell.overRange || (of.isGas && facts.humidityOverRange) || (of.isConverted && facts.o2OverRange);
}

/** What the device's data gave, whatever was made of it. */
function cellFacts(cell: CellMean): Pick<JudgedPeriod, 'overRange' | 'parts' | 'source' | 'ownMean' | 'ownConverted'> {
  const { parts, own } = cell;
  return {
    overRange: cell.overRange,
    parts: { valid: parts.valid, expected: parts.expected, unit: partsUnit(parts.partMs) },
    source: cell.source,
    ownMean: own?.mean ?? null,
    ownConverted: own?.converted ?? null,
  };
}

const firstOf = (value: Twice | null): number | null => (value === null ? null : value.first);

function judgedPeriod(judging: Judging, signal: string, facts: DeviceFacts): JudgedPeriod {
  const { plan, period, operating } = judging;
  const cell = facts.means.get(signal) ?? NOTHING;
  const { mean, conversion, isConverted } = compared(judging, signal, facts, cell);
  const { assumedO2 } = conversion;
  const value = isConverted ? conversion.value : mean;
  return {
    outlet: plan.outlet.id,
    device: facts.device,
    signal,
    average: period.average,
    start: period.start,
    end: period.end,
    valid: cell.valid && mean !== null,
    mean: firstOf(mean),
    converted: firstOf(conversion.value),
    o2: firstOf(facts.o2),
    lowerBound: assumedO2 !== null || isBound(facts, cell, { isGas: period.isGas(signal), isConverted }),
    assumedO2,
    value: firstOf(value),
    operating,
    excuse: period.excuse,
    ...cellFacts(cell),
    later: combine(value ?? mean),
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

/** The first device in force whose mean of the signal is valid; else the first. Its O2 may come from another one. */
function choose(candidates: readonly DeviceFacts[], signal: string): DeviceFacts | undefined {
  const chosen = candidates.find((facts) => facts.means.get(signal)?.valid === true) ?? candidates[0];
  const known = candidates.find((facts) => facts.o2 !== null);
  if (chosen === undefined || chosen.o2 !== null || known === undefined) return chosen;
  return { ...chosen, o2: known.o2, o2OverRange: known.o2OverRange };
}

function candidatesOf(plan: OutletPlan, at: number, means: ReadonlyMap<string, DeviceMeans>): readonly DeviceFacts[] {
  return devicesInForce(plan, at).map((device) =>
    deviceFacts(plan, device.id, means.get(device.id) ?? new Map<string, CellMean>()),
  );
}

/** Closes every signal of the outlet for one period of an hour or less; limited and capped signals are there even without data. */
export function closePeriod(
  plan: OutletPlan,
  state: OutletState,
  period: ClosingPeriod,
  means = closeCells(plan, state, period),
): readonly JudgedPeriod[] {
  const candidates = candidatesOf(plan, period.start, means);
  const known = candidates.find((facts) => facts.o2 !== null);
  const operating = isOperating(plan, state, period, known?.o2?.first ?? null);
  const signals = new Set(
    plan.limits.filter((limit) => limit.average.text === period.average).map((limit) => limit.signal),
  );
  if (period.average === 'PT1H') {
    for (const signal of plan.limitedSignals) signals.add(signal);
    for (const signal of plan.cappedSignals) signals.add(signal);
    for (const facts of candidates) for (const signal of facts.means.keys()) signals.add(signal);
  }
  const judged: JudgedPeriod[] = [];
  for (const signal of signals) {
    const facts = choose(candidates, signal);
    if (facts !== undefined) judged.push(judgedPeriod({ plan, state, period, operating }, signal, facts));
  }
  return judged;
}

/** The device's own mean of a local day, converted with what it says of the day's O2; undefined where it said nothing. */
export function closeOwnDay(
  plan: OutletPlan,
  state: OutletState,
  period: ClosingPeriod,
  signal: string,
): JudgedPeriod | undefined {
  const means = new Map(plan.devices.map((device) => [device.id, ownDayMeans(state, device, period)]));
  const facts = choose(candidatesOf(plan, period.start, means), signal);
  if (facts?.means.has(signal) !== true) return undefined;
  return judgedPeriod({ plan, state, period, operating: true }, signal, facts);
}
