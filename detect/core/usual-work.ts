/**
 * What a stack's flow or a gate's traffic usually is in an hour of work, and how much of each hour the device said
 * production: what a sign is measured by, and how far it can be trusted.
 */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { initialLevelHistogram, learnLevel, medianLevel, type LevelHistogram } from '../means/level-histogram.ts';
import { VALID_HOUR_MS } from './line-hours.ts';

/** Part of snapshots. */
export interface UsualState {
  level: LevelHistogram;
  /** Working hours learned. */
  hours: number;
  /** The hour that is running: covered ms, and a sum over it. */
  hour: number | null;
  ms: number;
  sum: number;
}

/** Of the running hour and the one before `[hour, ms heard, ms that say production]`. Part of snapshots. */
export type HeardHours = [number, number, number, number, number, number];

/** Half a day of working hours says what is usual: the threshold is half of it. */
const NEEDED_HOURS = 12;

export function initialUsualState(): UsualState {
  return { level: initialLevelHistogram(), hours: 0, hour: null, ms: 0, sum: 0 };
}

/** `undefined` until enough hours are learned. */
export function usualLevel(state: UsualState): number | undefined {
  return state.hours >= NEEDED_HOURS ? medianLevel(state.level) : undefined;
}

/** Adds to an hour; with a new one the old one is forgotten. */
export function addToUsual(state: UsualState, hourStart: number, ms: number, sum: number): void {
  if (state.hour !== hourStart) {
    state.hour = hourStart;
    state.ms = 0;
    state.sum = 0;
  }
  state.ms += ms;
  state.sum += sum;
}

/** Whether enough of the running hour was covered to say something. */
export function isHourValid(state: UsualState): boolean {
  return state.hour !== null && state.ms >= VALID_HOUR_MS;
}

/** Learns an hour of work. */
export function learnUsual(state: UsualState, value: number, dayStart: number): void {
  if (!(value > 0)) return;
  learnLevel(state.level, value, HOUR_MS, dayStart);
  state.hours = Math.min(NEEDED_HOURS, state.hours + 1);
}

export function noteHeard(heard: HeardHours, hourStart: number, ms: number, saysProduction: boolean): void {
  if (heard[0] !== hourStart) {
    heard[3] = heard[0];
    heard[4] = heard[1];
    heard[5] = heard[2];
    heard[0] = hourStart;
    heard[1] = 0;
    heard[2] = 0;
  }
  heard[1] += ms;
  if (saysProduction) heard[2] += ms;
}

/** Whether the device said production for most of an hour; `undefined` where too little of it was heard. */
export function saidInHour(heard: HeardHours, hourStart: number): boolean | undefined {
  const at = heard[0] === hourStart ? 1 : heard[3] === hourStart ? 4 : undefined;
  if (at === undefined || heard[at] < VALID_HOUR_MS) return undefined;
  return (heard[at + 1] as number) >= 0.5 * heard[at];
}
