/**
 * The clock hours of a line: the energy of its production meters, and how long it was known to be on or off. From
 * settled spans, so that an hour is complete when it is closed.
 */
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { LineSpan } from '../rules/line-span.ts';
import { registerGrowth } from './register-hours.ts';

/** Of each production meter `[covered ms, kWh]` one after another. Part of snapshots. */
export interface LineHourState {
  start: number | null;
  meters: number[];
  onMs: number;
  offMs: number;
}

/** A clock hour that nothing more will be said about. */
export interface LineHour {
  readonly start: number;
  readonly end: number;
  /** Of all production meters; null = not known. */
  readonly kWh: number | null;
  /** At least one of the meters was heard for enough of the hour. */
  readonly isHeard: boolean;
  readonly onMs: number;
  readonly offMs: number;
}

/** An hour is valid with three quarters of it covered (HJ 212-2017 annex D). */
export const VALID_HOUR_MS = 45 * MINUTE_MS;
/** A register that grew by more than this times the rated power was exchanged or misread. */
const MOST_OVER_RATED = 3;

export function initialLineHourState(): LineHourState {
  return { start: null, meters: [], onMs: 0, offMs: 0 };
}

function begin(state: LineHourState, start: number, meters: number): void {
  state.start = start;
  state.onMs = 0;
  state.offMs = 0;
  state.meters.length = 2 * meters;
  state.meters.fill(0);
}

function add(state: LineHourState, span: LineSpan, ms: number): void {
  if (span.production === 'on') state.onMs += ms;
  else if (span.production === 'off') state.offMs += ms;
  const { productionMeters } = span;
  const { meters } = state;
  for (let index = 0; index < productionMeters.length; index += 1) {
    const power = productionMeters[index]?.powerKw;
    if (power === undefined) continue;
    meters[2 * index] = (meters[2 * index] as number) + ms;
    meters[2 * index + 1] = (meters[2 * index + 1] as number) + (power * ms) / HOUR_MS;
  }
}

/** kWh of one meter in the hour: its register's growth, else power × time, scaled to the hour where parts are missing. */
function meterKwh(
  covered: { readonly ms: number; readonly kWh: number },
  registers: readonly number[] | undefined,
  hour: { readonly start: number; readonly rated: number | undefined },
): number | undefined {
  if (covered.ms < VALID_HOUR_MS) return undefined;
  const grown = registers === undefined ? undefined : registerGrowth(registers, hour.start);
  const isPossible = grown !== undefined && (hour.rated === undefined || grown <= MOST_OVER_RATED * hour.rated);
  return isPossible ? grown : (covered.kWh * HOUR_MS) / covered.ms;
}

function close(
  state: LineHourState,
  span: LineSpan,
  start: number,
  registersOf: (member: number) => readonly number[] | undefined,
): LineHour {
  let kWh: number | null = 0;
  let isHeard = false;
  for (let member = 0; member < span.productionMeters.length; member += 1) {
    const covered = { ms: state.meters[2 * member] ?? 0, kWh: state.meters[2 * member + 1] ?? 0 };
    const rated = span.productionMeters[member]?.meter.rated;
    const own = meterKwh(covered, registersOf(member), { start, rated });
    if (own !== undefined) isHeard = true;
    kWh = own === undefined || kWh === null ? null : kWh + own;
  }
  return { start, end: start + HOUR_MS, kWh, isHeard, onMs: state.onMs, offMs: state.offMs };
}

/** Adds a span that ends before the running hour does; false = it does not, nothing was added. */
export function addWithinHour(state: LineHourState, span: LineSpan): boolean {
  const { start, meters } = state;
  if (start === null || span.start < start || span.end >= start + HOUR_MS) return false;
  if (meters.length !== 2 * span.productionMeters.length) return false;
  add(state, span, span.end - span.start);
  return true;
}

/**
 * Adds a settled span; hands on each hour that it completes. Hours that lie wholly in one span of nothing known are
 * handed on as well: they are unknown.
 * @param registersOf of the production meter at this place, its register at full hours
 */
export function addToHours(
  state: LineHourState,
  span: LineSpan,
  time: LocalTime,
  hand: {
    readonly registersOf: (member: number) => readonly number[] | undefined;
    readonly each: (hour: LineHour) => void;
  },
): void {
  const meters = span.productionMeters.length;
  let { start } = span;
  while (start < span.end) {
    if (state.start === null || start >= state.start + HOUR_MS || state.meters.length !== 2 * meters)
      begin(state, time.hourStart(start), meters);
    const hourStart = state.start as number;
    const end = Math.min(span.end, hourStart + HOUR_MS);
    add(state, span, end - start);
    if (end === hourStart + HOUR_MS) {
      hand.each(close(state, span, hourStart, hand.registersOf));
      begin(state, end, meters);
    }
    start = end;
  }
}
