/**
 * How a channel is at its lowest step by itself: how often it comes there, how long it stays. Clean gas lives there;
 * a channel that never was there has no business there.
 */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { RuleContext } from './rule.ts';
import {
  chanceLength,
  fadeHabit,
  initialRunHabit,
  learnRun,
  likelyShare,
  unusualMs,
  type RunHabit,
} from './run-habit.ts';

/** Of operating, unflagged, unmarked time. Part of snapshots. */
export interface FloorHabit {
  /** Time and values off the floor. */
  awayMs: number;
  away: number;
  /** Values in the runs at the floor that were no finding, and how many runs these were. */
  there: number;
  runs: number;
  longest: RunHabit;
}

/** Values after which what is long ago counts less: five weeks of minutes. */
const FADE_VALUES = 50_000;

export function initialFloorHabit(): FloorHabit {
  return { awayMs: 0, away: 0, there: 0, runs: 0, longest: initialRunHabit() };
}

export function floorShare({ there, away }: FloorHabit): number {
  return there / Math.max(1, there + away);
}

export function countAway(habit: FloorHabit, ms: number): void {
  habit.away += 1;
  habit.awayMs += ms;
  if (habit.away + habit.there < FADE_VALUES) return;
  habit.away /= 2;
  habit.there /= 2;
  habit.runs /= 2;
  fadeHabit(habit.longest);
}

/** A finished run. What was a finding does not teach, unless it comes again and again. */
export function learnFloorRun(habit: FloorHabit, ms: number, values: number, isFinding: boolean): void {
  learnRun(habit.longest, ms, isFinding);
  if (isFinding) return;
  habit.there += values;
  habit.runs += 1;
}

/**
 * Shortest run at the floor that is against the habit.
 * @param leastMs of any channel
 * @returns undefined: too little is known, or the floor is a usual state
 */
export function neededAtFloor(
  habit: FloorHabit,
  everyMs: number,
  leastMs: number,
  context: RuleContext,
): number | undefined {
  const { there, away, awayMs, runs } = habit;
  const isKnown =
    everyMs > MINUTE_MS ? away >= context.parameter('historyReports') : awayMs >= context.parameter('historyMs');
  if (!isKnown || away === 0 || floorShare(habit) >= context.parameter('habitShare')) return undefined;
  const neededMs = Math.max(leastMs, unusualMs(habit.longest));
  if (runs === 0) return neededMs;
  const stays = likelyShare(Math.max(0, there - runs), there);
  const runsPerDay = (DAY_MS / everyMs) * likelyShare(runs, away);
  return Math.max(neededMs, everyMs * chanceLength(stays, runsPerDay, context.parameter('chanceRunsPerDay')));
}
