/** When people work on an instrument (运维): visits in working hours, and what they change in its settings. */
import type { RandomStream } from '../plants/random-stream.ts';
import type { Span } from '../plants/span.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** A visit comes in each span of this length, at its own hour of its own day of it. */
const VISIT_EVERY_DAYS = 14;
const FIRST_MINUTE = 9 * 60;
const LAST_MINUTE = 15 * 60;
const SHORTEST_MINUTES = 25;
const LONGEST_MINUTES = 70;
/** How much a slope is put right at a visit. */
const SLOPE_CHANGE = 0.012;

export interface Upkeep {
  /** The visit that contains the instant. */
  visitAt(at: number): Span | undefined;
  /** Visits that were over at the instant, counted from any one of them: it grows by one with each. */
  countBefore(at: number): number;
  /** Factor of a channel as it was set at the end of the last visit. */
  slopeAt(signal: string, at: number): number;
}

/** @param minuteOfDay minutes since local midnight; days are of 24 h */
export function createUpkeep(random: RandomStream, minuteOfDay: (at: number) => number): Upkeep {
  const cycleMs = VISIT_EVERY_DAYS * DAY_MS;
  const startOf = (cycle: number): number => {
    const day = Math.floor(random.split('day').uniformAt(cycle) * VISIT_EVERY_DAYS);
    const minute = FIRST_MINUTE + Math.floor(random.split('minute').uniformAt(cycle) * (LAST_MINUTE - FIRST_MINUTE));
    const anyAt = cycle * cycleMs + day * DAY_MS;
    return anyAt - (minuteOfDay(anyAt) - minute) * MINUTE_MS;
  };
  const visitOf = (cycle: number): Span => {
    const fromAt = startOf(cycle);
    const minutes = SHORTEST_MINUTES + random.split('length').uniformAt(cycle) * (LONGEST_MINUTES - SHORTEST_MINUTES);
    return { fromAt, toAt: fromAt + Math.floor(minutes) * MINUTE_MS };
  };
  /** The last visit that began at or before the instant; a local day may reach into the cycle before. */
  const lastBegun = (at: number): number => {
    const cycle = Math.floor(at / cycleMs) + 1;
    for (const candidate of [cycle, cycle - 1]) if (startOf(candidate) <= at) return candidate;
    return cycle - 2;
  };
  const countBefore = (at: number): number => {
    const cycle = lastBegun(at);
    return visitOf(cycle).toAt <= at ? cycle : cycle - 1;
  };
  return {
    visitAt: (at) => {
      const visit = visitOf(lastBegun(at));
      return at < visit.toAt ? visit : undefined;
    },
    countBefore,
    slopeAt: (signal, at) => {
      const change = SLOPE_CHANGE * (random.split('slope', signal).uniformAt(countBefore(at)) - 0.5);
      return Math.round((1 + change) * 1e4) / 1e4;
    },
  };
}
