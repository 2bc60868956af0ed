/** Keeps a membership in a group: after a failure that may pass, another one. */
import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../contracts/errors.ts';
import { HungClientError } from './settle.ts';

export interface Membership {
  /** Until it is closed. @throws UnavailableError where another membership may do better */
  run(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A membership that held so long was a good one: the next failure is a new one. */
const HELD_MS = 60_000;

/**
 * @param open makes the next membership, which whoever closes this closes as well
 * @throws what no other membership can mend
 */
export async function keepMember(
  open: () => Membership,
  onTrouble: (error: UnavailableError) => void,
  closing: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!closing.aborted) {
    const startedAt = performance.now();
    try {
      await open().run();
    } catch (error) {
      if (!(error instanceof UnavailableError) || error instanceof HungClientError) throw error;
      onTrouble(error);
      pauseMs = performance.now() - startedAt > HELD_MS ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: closing }).catch((stopped: unknown) => stopped);
    }
  }
}
