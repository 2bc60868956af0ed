/**
 * How long a channel rests whose steps are coarser than what it measures moves in a minute: it flickers at the edge of
 * a step and stays long within it, so that a run which has settled lasts far longer than the share of all equal
 * neighbours says.
 */
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import {
  chanceLength,
  fadeHabit,
  initialRunHabit,
  learnRun,
  likelyShare,
  unusualMs,
  type RunHabit,
} from './run-habit.ts';

/** A run with so many equal neighbours has settled. */
export const SETTLED_AFTER = 5;
/** A channel of finer steps repeats itself more rarely: whatever rests there is not its way. */
const COARSE_SHARE = 0.25;
/** Fewer settled runs tell nothing. */
const FEWEST_RUNS = 3;
/** So few in half a day and more may be what somebody made. */
const FEW_RUNS = 5;
/** Rests follow the weather and the day: what was seen for less than this says little of the longest. */
const YOUNG_MS = 12 * HOUR_MS;
const LEAST_OF_YOUNG_MS = 4 * HOUR_MS;

/** Part of snapshots. */
export interface CoarseHabit {
  /** Neighbours with a settled run before them: those that are equal, and all. Of runs that were no finding. */
  equal: number;
  compared: number;
  readonly longest: RunHabit;
}

export function initialCoarseHabit(): CoarseHabit {
  return { equal: 0, compared: 0, longest: initialRunHabit() };
}

/** @param repeats equal neighbours of a run that had settled, and is over; `ms`: its covered time */
export function learnSettledRun(habit: CoarseHabit, repeats: number, ms: number, isFinding: boolean): void {
  learnRun(habit.longest, ms, isFinding);
  if (isFinding) return;
  habit.equal += repeats - SETTLED_AFTER;
  habit.compared += repeats - SETTLED_AFTER + 1;
}

/** What is long ago counts less. */
export function fadeCoarse(habit: CoarseHabit): void {
  habit.equal /= 2;
  habit.compared /= 2;
  fadeHabit(habit.longest);
}

/**
 * Shortest run that is against the habit.
 * @param all neighbours of all runs
 * @returns 0 where the channel is not coarse, or nobody knows yet
 */
export function neededWhenCoarse(
  habit: CoarseHabit,
  all: { readonly equal: number; readonly compared: number },
  everyMs: number,
  allowedPerDay: number,
): number {
  const runs = habit.compared - habit.equal;
  const settled = runs + habit.longest.suspects.length;
  if (settled < FEWEST_RUNS || all.equal < COARSE_SHARE * all.compared) return 0;
  const isYoung = all.compared * everyMs < YOUNG_MS;
  const leastMs = Math.max(isYoung ? LEAST_OF_YOUNG_MS : 0, unusualMs(habit.longest));
  if (runs < FEW_RUNS) return isYoung ? leastMs : 0;
  const runsPerDay = (DAY_MS / everyMs) * likelyShare(runs, all.compared);
  const length = SETTLED_AFTER + chanceLength(likelyShare(habit.equal, habit.compared), runsPerDay, allowedPerDay);
  return Math.max(leastMs, length * everyMs);
}
