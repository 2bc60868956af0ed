/** The energy of the hours that an order to reduce binds, beside what the line would use without it. */
import type { LineHour } from '../core/line-hours.ts';
import type { DutyContext } from '../core/order-duty.ts';
import { baselineBefore, clockHour, daysBefore, type BaselineHistory } from './order-baseline.ts';
import type { RuleContext } from './rule.ts';

/** What the hours of a window come to. */
export interface Balance {
  readonly from: number;
  readonly to: number;
  readonly hoursBinding: number;
  readonly hoursKnown: number;
  readonly kWh: number;
  readonly baselineKwh: number;
  /** Of the same hours as far as the days before knew them; null = not learned. */
  readonly learnedKwh: number | null;
}

/** Part of snapshots. */
export interface EnergyBook {
  /** Hours that the order binds wholly, `[start, kWh or -1, ms on, 1 = some meter heard]` one after another. */
  hours: number[];
  /** The days before, fixed when first asked for; `hours` empty = not known, -1 = this hour is not known. */
  baseline: { readonly fromAt: number; readonly days: number; readonly hours: readonly number[] } | null;
}

/** What a closed hour is judged with. */
export interface EnergyWatch {
  readonly dutyContext: DutyContext;
  readonly history: BaselineHistory;
  readonly context: RuleContext;
}

const FIELDS = 4;
const UNKNOWN = -1;

/** An hour that the order binds wholly. */
export function addHour(state: EnergyBook, hour: LineHour, watch: EnergyWatch): void {
  state.hours.push(hour.start, hour.kWh ?? UNKNOWN, hour.onMs, hour.isHeard ? 1 : 0);
  fixBaseline(state, watch);
}

/** Hours that began before an instant are looked back on no longer. */
export function dropHours(state: EnergyBook, from: number): void {
  while (state.hours.length > 0 && (state.hours[0] as number) < from) state.hours.splice(0, FIELDS);
}

/** The learned baseline as it was before the order: what is learned later does not move it. */
function fixBaseline(state: EnergyBook, { dutyContext, history }: EnergyWatch): void {
  const { order, time } = dutyContext;
  if (state.baseline?.fromAt === order.fromAt) return;
  const learned = baselineBefore(history, order.fromAt, time);
  const hours = learned?.hours.map((kWh) => (kWh === null ? UNKNOWN : Math.round(kWh * 100) / 100)) ?? [];
  state.baseline = { fromAt: order.fromAt, days: learned?.days ?? 0, hours };
}

/** kWh that the line is expected to use in an hour without the order. */
function learnedKwhAt(state: EnergyBook, start: number, { dutyContext: { time } }: EnergyWatch): number | undefined {
  const index = clockHour(start, time.dayStart(start));
  const kWh = index === undefined ? undefined : state.baseline?.hours[index];
  return kWh === undefined || kWh === UNKNOWN ? undefined : kWh;
}

export interface Judged extends Balance {
  /** Hours whose energy is known, with a baseline or without. */
  readonly hoursMetered: number;
  readonly hoursHeard: number;
  readonly meteredKwh: number;
  readonly onMs: number;
}

interface Sums {
  hoursKnown: number;
  kWh: number;
  baselineKwh: number;
  /** -1 once an hour is not learned. */
  learnedKwh: number;
  hoursMetered: number;
  meteredKwh: number;
  hoursHeard: number;
  onMs: number;
}

/** One hour with its energy and what it would be without the order. */
function sumHour(sums: Sums, kWh: number, filed: number | undefined, learned: number | undefined): void {
  sums.hoursMetered += 1;
  sums.meteredKwh += kWh;
  const expected = filed ?? learned;
  if (expected === undefined) return;
  sums.hoursKnown += 1;
  sums.kWh += kWh;
  sums.baselineKwh += expected;
  sums.learnedKwh = learned === undefined || sums.learnedKwh === UNKNOWN ? UNKNOWN : sums.learnedKwh + learned;
}

export function sumUp(state: EnergyBook, watch: EnergyWatch, to: number): Judged {
  const filed = watch.dutyContext.line.baseline?.kWhPerHour;
  const { hours } = state;
  const sums: Sums = {
    hoursKnown: 0,
    kWh: 0,
    baselineKwh: 0,
    learnedKwh: 0,
    hoursMetered: 0,
    meteredKwh: 0,
    hoursHeard: 0,
    onMs: 0,
  };
  for (let at = 0; at < hours.length; at += FIELDS) {
    const [start = 0, kWh = UNKNOWN, onMs = 0, heard = 0] = hours.slice(at, at + FIELDS);
    sums.hoursHeard += heard;
    if (kWh === UNKNOWN) continue;
    sums.onMs += onMs;
    sumHour(sums, kWh, filed, learnedKwhAt(state, start, watch));
  }
  const learnedKwh = sums.hoursKnown === 0 || sums.learnedKwh === UNKNOWN ? null : sums.learnedKwh;
  return { from: hours[0] ?? to, to, hoursBinding: hours.length / FIELDS, ...sums, learnedKwh };
}

export function ratio({ kWh, baselineKwh }: Balance): number {
  return baselineKwh > 0 ? kWh / baselineKwh : Number.MAX_VALUE;
}

export function balanceOf({ from, to, hoursBinding, hoursKnown, kWh, baselineKwh, learnedKwh }: Judged): Balance {
  return { from, to, hoursBinding, hoursKnown, kWh, baselineKwh, learnedKwh };
}

/** kWh of an hour in the mean of the whole day before the order; 0 where it is not known. */
export function usualHourKwh(state: EnergyBook): number {
  let sum = 0;
  let known = 0;
  for (const kWh of state.baseline?.hours ?? []) {
    if (kWh === UNKNOWN) continue;
    sum += kWh;
    known += 1;
  }
  return known === 0 ? 0 : sum / known;
}

/** Clock hours of the judged hours of which energy and baseline are known. */
function knownClockHours(state: EnergyBook, { dutyContext: { time } }: EnergyWatch): number[] {
  const known: number[] = [];
  for (let at = 0; at < state.hours.length; at += FIELDS) {
    const [start = 0, kWh = UNKNOWN] = state.hours.slice(at, at + 2);
    const index = clockHour(start, time.dayStart(start));
    if (index === undefined || kWh === UNKNOWN) continue;
    if ((state.baseline?.hours[index] ?? UNKNOWN) !== UNKNOWN) known.push(index);
  }
  return known;
}

/**
 * How much more than their mean the busiest of the days before used in the judged hours: 1 = no more. Where a shift
 * begins an hour earlier on one day than on another, the first hours of an order say little.
 */
export function busiestDay(state: EnergyBook, watch: EnergyWatch): number {
  const { order, time } = watch.dutyContext;
  const means = state.baseline?.hours ?? [];
  const known = knownClockHours(state, watch);
  const sumOf = (kWhAt: (index: number) => number): number => known.reduce((sum, index) => sum + kWhAt(index), 0);
  const mean = sumOf((index) => means[index] ?? 0);
  if (mean <= 0) return 1;
  let most = mean;
  for (const day of daysBefore(watch.history, order.fromAt, time)) {
    const sum = sumOf((index) => {
      const kWh = day[index + 1] ?? UNKNOWN;
      return kWh === UNKNOWN ? (means[index] ?? 0) : kWh;
    });
    most = Math.max(most, sum);
  }
  return most / mean;
}
