/**
 * What the mean of a running period will be at least: its valid parts so far, and zero for every part that is still to
 * come. Asked with every report of a limited signal: numbers only, an object where something came of it.
 */
import {
  expectedParts,
  hasPart,
  neededParts,
  promisedSamples,
  samplePartMs,
  type PartSet,
  type PeriodCell,
} from './period-cell.ts';

/** A running period: where it began, the cadence of its instants, and how far its stream has come. */
export interface Running {
  readonly start: number;
  readonly everyMs: number;
  readonly now: number;
}

/**
 * Whether the part that instants are gathered for counts among parts of this length: one that is over with 75 % of its
 * samples, the running one only once it holds all that its cadence promises.
 */
function pendingCounts(cell: PeriodCell, set: PartSet | undefined, partMs: number, running: Running): boolean {
  if (cell.part < 0 || partMs !== samplePartMs(running.everyMs)) return false;
  // A part that a report has filled already is not filled again by its samples.
  if (set !== undefined && hasPart(set, cell.part)) return false;
  const promised = promisedSamples(running.everyMs);
  const isOver = running.start + (cell.part + 1) * partMs <= running.now;
  return cell.samples >= (isOver ? 0.75 * promised : promised);
}

function validParts(cell: PeriodCell, set: PartSet | undefined, partMs: number, running: Running): number {
  return (set?.count ?? 0) + (pendingCounts(cell, set, partMs, running) ? 1 : 0);
}

function sumOfParts(cell: PeriodCell, set: PartSet | undefined, partMs: number, running: Running): number {
  const pending = pendingCounts(cell, set, partMs, running) ? cell.sampleSum / cell.samples : 0;
  return (set?.sum ?? 0) + pending;
}

/** Parts that are still to come, the one that is under way included unless it counts already. */
function remainingParts(cell: PeriodCell, set: PartSet | undefined, partMs: number, running: Running): number {
  const current = Math.floor((running.now - running.start) / partMs);
  const expected = expectedParts(cell, partMs);
  if (current >= expected) return 0;
  const isTold =
    (set !== undefined && hasPart(set, current)) ||
    (cell.part === current && pendingCounts(cell, set, partMs, running));
  return expected - current - (isTold ? 1 : 0);
}

function canBeValid(cell: PeriodCell, set: PartSet | undefined, partMs: number, running: Running): boolean {
  const most = validParts(cell, set, partMs, running) + remainingParts(cell, set, partMs, running);
  return most >= neededParts(cell.periodMs, partMs);
}

/** Length of the finest parts with which the period can still become valid: its mean will be made of them. 0: none. */
function decidingPartMs(cell: PeriodCell | undefined, running: Running): number {
  if (cell === undefined || cell.start !== running.start) return 0;
  const gatheredMs = cell.part < 0 ? 0 : samplePartMs(running.everyMs);
  let isGatheredDue = gatheredMs > 0;
  for (const set of cell.sets) {
    if (isGatheredDue && set.partMs >= gatheredMs) {
      isGatheredDue = false;
      if (set.partMs > gatheredMs && canBeValid(cell, undefined, gatheredMs, running)) return gatheredMs;
    }
    if (canBeValid(cell, set, set.partMs, running)) return set.partMs;
  }
  return isGatheredDue && canBeValid(cell, undefined, gatheredMs, running) ? gatheredMs : 0;
}

function setOf(cell: PeriodCell, partMs: number): PartSet | undefined {
  for (const set of cell.sets) if (set.partMs === partMs) return set;
  return undefined;
}

/** NaN: the period cannot become valid any more, or nothing is known of it yet. */
export function leastMean(cell: PeriodCell | undefined, running: Running): number {
  const partMs = decidingPartMs(cell, running);
  if (cell === undefined || partMs === 0) return Number.NaN;
  const set = setOf(cell, partMs);
  const parts = validParts(cell, set, partMs, running) + remainingParts(cell, set, partMs, running);
  return sumOfParts(cell, set, partMs, running) / parts;
}

/**
 * Never less than {@link leastMean}: the sums so far over the fewest parts that make a period valid. One look at each
 * set of parts, for the test that almost every report ends with.
 */
export function mostLeastMean(cell: PeriodCell, everyMs: number): number {
  const gatheredMs = samplePartMs(everyMs);
  const pending = cell.samples > 0 ? Math.max(0, cell.sampleSum / cell.samples) : 0;
  let most = pending / neededParts(cell.periodMs, gatheredMs);
  for (const { partMs, sum } of cell.sets) {
    const bound = (partMs === gatheredMs ? sum + pending : sum) / neededParts(cell.periodMs, partMs);
    if (bound > most) most = bound;
  }
  return most;
}

/** What {@link leastMean} was made of. */
export interface RunningParts {
  readonly sum: number;
  readonly valid: number;
  readonly remaining: number;
  readonly expected: number;
  readonly partMs: number;
  /** Holds an over-range value: the mean can only be higher. */
  readonly overRange: boolean;
}

export function runningParts(cell: PeriodCell | undefined, running: Running): RunningParts | undefined {
  const partMs = decidingPartMs(cell, running);
  if (cell === undefined || partMs === 0) return undefined;
  const set = setOf(cell, partMs);
  const isPendingOver = pendingCounts(cell, set, partMs, running) && cell.sampleOver > 0;
  return {
    sum: sumOfParts(cell, set, partMs, running),
    valid: validParts(cell, set, partMs, running),
    remaining: remainingParts(cell, set, partMs, running),
    expected: expectedParts(cell, partMs),
    partMs,
    overRange: (set?.overRange ?? 0) > 0 || isPendingOver,
  };
}
