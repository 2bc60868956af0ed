/**
 * Pictures that come again in the same order: a recording played in a loop. Exact: each picture is compared with the
 * one a period before it; the period is the distance to its last appearance.
 */
import type { PictureSpan } from './picture-still.ts';

/** Longest loop that is looked for, in pictures: an hour of minutes. */
const LONGEST_LOOP = 60;
/** Fewer different pictures may be a lamp that blinks. */
const LEAST_PICTURES = 3;
/** The first showing and two repeats. */
const LEAST_REPEATS = 2;

/** Part of snapshots. */
export interface LoopState {
  /** Numbers of the last pictures without a gap, oldest first. */
  past: number[];
  /** Pictures from one showing to the next; 0: none is known. */
  period: number;
  /** Pictures in a row that were as the one a period before. */
  matches: number;
  since: number;
  /** End of the last of these matches. */
  goneTo: number;
  /** End of the last picture. */
  lastEnd: number;
  coveredMs: number;
}

export function initialLoopState(): LoopState {
  return { past: [], period: 0, matches: 0, since: 0, goneTo: 0, lastEnd: 0, coveredMs: 0 };
}

/** 24 bits of FNV-1a of a picture's fingerprint: a snapshot keeps an hour of them. */
function numberOf(picture: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < picture.length; index += 1)
    hash = Math.imul(hash ^ picture.charCodeAt(index), 0x01000193);
  return hash >>> 8;
}

/** Distance to the last appearance, one picture before it left out: that is a still. */
function periodOf(past: readonly number[], picture: number): number {
  for (let back = 2; back <= past.length; back += 1) if (past[past.length - back] === picture) return back;
  return 0;
}

function hasEnoughPictures(past: readonly number[], period: number): boolean {
  return period >= LEAST_PICTURES && new Set(past.slice(-period)).size >= LEAST_PICTURES;
}

/** Whether what has matched so far is a loop and no chance. */
export function isLoop(state: LoopState, leastMs: number): boolean {
  const { past, period, matches, coveredMs } = state;
  if (period === 0 || coveredMs < leastMs || matches < LEAST_REPEATS * period) return false;
  return hasEnoughPictures(past, period);
}

function startOver(state: LoopState, span: PictureSpan, picture: number): void {
  state.period = periodOf(state.past, picture);
  state.matches = state.period === 0 ? 0 : 1;
  state.since = span.start;
  state.goneTo = span.end;
  state.coveredMs = state.period === 0 ? 0 : span.end - span.start;
}

/**
 * Takes in the next picture.
 * @param isFound the loop is a finding: where it ends, the caller says so and calls {@link endLoop}
 * @returns whether it goes on with what came a period before; `unknown`: after a gap that has yet to be seen
 */
export function joinLoop(state: LoopState, span: PictureSpan, isFound: boolean): 'goes on' | 'ends' | 'unknown' {
  const { past, period } = state;
  const picture = numberOf(span.picture);
  // A gap shifts the showing: the loop is compared again once a whole one has been seen.
  if (span.start !== state.lastEnd) past.length = 0;
  const isKnown = past.length >= period;
  let answer: 'goes on' | 'ends' | 'unknown' = 'ends';
  if (period > 0 && isKnown && past[past.length - period] === picture) {
    answer = 'goes on';
    state.matches += 1;
    state.coveredMs += span.end - span.start;
    state.goneTo = span.end;
  } else if (!isKnown && state.matches >= period) answer = 'unknown';
  else if (!isFound) startOver(state, span, picture);
  past.push(picture);
  if (past.length > LONGEST_LOOP) past.shift();
  state.lastEnd = span.end;
  return answer;
}

/** Forgets the period, so that the next picture looks for another. */
export function endLoop(state: LoopState): void {
  state.period = 0;
  state.matches = 0;
  state.coveredMs = 0;
}
