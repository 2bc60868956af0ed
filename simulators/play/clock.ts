/** Waiting by a clock that may run faster than the real one, and may be put right. */
import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS } from '../../contracts/time/instant.ts';

/** What waited longer was stored. */
const STORED_AFTER_MS = 45 * SECOND_MS;
/** A clock that is put right is noticed this soon. */
const LONGEST_PAUSE_MS = 30 * SECOND_MS;
/** Nothing is due more exactly than that: what comes meanwhile goes out together. */
const SHORTEST_PAUSE_MS = 5;

export interface SimulationClock {
  readonly now: () => number;
  /** How much faster than the real one it runs. */
  readonly speed: number;
  /** What was to be sent before this instant has waited in a store. */
  readonly storedBefore: () => number;
  /** The same of what goes out live: by the real clock, for a faster one leaves no time. */
  readonly lateBefore: () => number;
  /** Resolves at an instant of this clock, or when the signal is given. */
  waitUntil(at: number, signal: AbortSignal): Promise<void>;
}

/** @param speed how much faster than `now` it runs from now on */
export function createClock(now: () => number, speed: number): SimulationClock {
  const beganAt = now();
  const own = (): number => beganAt + (now() - beganAt) * speed;
  return {
    now: own,
    speed,
    storedBefore: () => own() - STORED_AFTER_MS,
    lateBefore: () => own() - STORED_AFTER_MS * speed,
    waitUntil: async (at, signal) => {
      while (!signal.aborted) {
        const restMs = (at - own()) / speed;
        if (restMs <= 0) return;
        try {
          await pause(Math.min(Math.max(restMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS), undefined, { signal });
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      }
    },
  };
}
