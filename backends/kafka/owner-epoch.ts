/**
 * Number under which an owner of a partition writes its state where there are no transactions. Unique, and higher than
 * that of whoever decided on one before: an owner that hung between its decision and its first write comes too late, and
 * what it writes does not count.
 */
import { randomInt } from 'node:crypto';

/** Owners that decide within the same millisecond are told apart by chance; the product stays a safe integer to the year 2248. */
const WITHIN_A_MILLISECOND = 1_024;

/** Before the state is read, since everything read afterwards may be older than what others wrote meanwhile. */
export function decideEpoch(nowMs: number, random: (below: number) => number = randomInt): number {
  return nowMs * WITHIN_A_MILLISECOND + random(WITHIN_A_MILLISECOND);
}

/** Above what is there, also where the clock of whoever wrote that was ahead of ours. */
export function epochAfter(decided: number, found: number, random: (below: number) => number = randomInt): number {
  return decided > found ? decided : found + 1 + random(WITHIN_A_MILLISECOND);
}
