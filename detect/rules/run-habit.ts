/**
 * How long a channel stays the same by itself: from the share of equal neighbours, and from the longest runs it made.
 * Everything is cautious while little is known: a run that chance or habit explains is no finding.
 */
import { DAY_MS } from '../../contracts/time/instant.ts';

/** One-sided 80 % quantile of the normal distribution, squared. */
const Z2 = 0.708;
/** So few neighbours say nothing yet: any channel may begin with a quiet stretch. */
const FEW_NEIGHBOURS = 10;
const UNKNOWN_SHARE = 0.8;

/** A share that is seldom exceeded by the true one: upper end of the Wilson interval, below 1. */
export function likelyShare(hits: number, of: number): number {
  const n = Math.max(1, of);
  const share = of === 0 ? 0 : hits / of;
  const spread = Math.sqrt(Z2) * Math.sqrt((share * (1 - share)) / n + Z2 / (4 * n ** 2));
  return Math.min(0.9999, (share + Z2 / (2 * n) + spread) / (1 + Z2 / n));
}

/** Share of equal neighbours, cautious while little is known. */
export function equalShare(equal: number, compared: number): number {
  const upper = likelyShare(equal, compared);
  return compared < FEW_NEIGHBOURS ? Math.max(UNKNOWN_SHARE, upper) : upper;
}

/**
 * Values in a row from which chance makes such a run more rarely than allowed.
 * @param share of values that stay as the one before, within a run
 * @param runsPerDay how often a run begins
 */
export function chanceLength(share: number, runsPerDay: number, allowedPerDay: number): number {
  return Math.ceil(1 + Math.log(allowedPerDay / runsPerDay) / Math.log(share));
}

/** The same for runs of equal neighbours. */
export function equalLength(share: number, everyMs: number, allowedPerDay: number): number {
  return chanceLength(share, (DAY_MS / everyMs) * (1 - share), allowedPerDay);
}

/** Longest finished runs. Part of snapshots. */
export interface RunHabit {
  /** Of those that were no finding. */
  longestMs: number;
  /** The three longest of those that were one, longest first. */
  suspects: number[];
}

/** What was found this often is the channel's way of life: it was looked at by then. */
const HABITUAL_TIMES = 3;

export function initialRunHabit(): RunHabit {
  return { longestMs: 0, suspects: [] };
}

export function learnRun(habit: RunHabit, ms: number, isFinding: boolean): void {
  if (!isFinding) {
    if (ms > habit.longestMs) habit.longestMs = ms;
    return;
  }
  const { suspects } = habit;
  const at = suspects.findIndex((before) => before < ms);
  suspects.splice(at < 0 ? suspects.length : at, 0, ms);
  if (suspects.length > HABITUAL_TIMES) suspects.length = HABITUAL_TIMES;
}

/** The longest run that counts as the channel's habit, ms. */
export function habitualMs({ longestMs, suspects }: RunHabit): number {
  return Math.max(longestMs, suspects[HABITUAL_TIMES - 1] ?? 0);
}

/** A run that chance or habit explains may well be so much longer next time. */
const LONGER_NEXT_TIME = 2;

/** Length from which a run is against the habit, ms. */
export function unusualMs(habit: RunHabit): number {
  return LONGER_NEXT_TIME * habitualMs(habit);
}

/** What is long ago counts less. */
export function fadeHabit(habit: RunHabit): void {
  habit.longestMs *= 0.75;
  for (let index = 0; index < habit.suspects.length; index += 1)
    habit.suspects[index] = (habit.suspects[index] ?? 0) * 0.75;
}
