/**
 * Whether values that were sent late have the shape of measured ones: what a channel usually does from one value to the
 * next, learned from reports that came in time, against what the filled stretch does.
 *
 * The measure is the bend: how far a value lies from the straight line through the two before it. A straight line has
 * none, whatever its slope, and a change of load is one bend among many.
 */
import type { RuleContext } from './rule.ts';

/** One channel of one period length. Part of snapshots. */
export interface ChannelHabit {
  /** Values in a row: 0 none, 1 a value, 2 a value and its difference from the one before. */
  chain: number;
  last: number;
  lastTs: number;
  delta: number;
  /** Median of the bend's size. */
  bend: number;
  level: number;
  count: number;
  /** Smallest difference seen, the channel's own resolution; 0 = none yet. */
  step: number;
}

export function initialChannelHabit(): ChannelHabit {
  return { chain: 0, last: 0, lastTs: 0, delta: 0, bend: 0, level: 0, count: 0, step: 0 };
}

/** Share by which the median follows a value; the level follows by a hundredth. */
const MEDIAN_GAIN = 0.05;
const LEVEL_GAIN = 0.01;

/**
 * A value that came in time.
 * @param stepMs from one value to the next, as the device should send them
 */
export function learnValue(habit: ChannelHabit, value: number, ts: number, stepMs: number): void {
  if (ts - habit.lastTs > 1.5 * stepMs) habit.chain = 0;
  habit.count += 1;
  habit.level += (value - habit.level) * Math.max(LEVEL_GAIN, 1 / habit.count);
  if (habit.chain > 0) {
    const delta = value - habit.last;
    const size = Math.abs(delta);
    if (size > 0 && (habit.step === 0 || size < habit.step)) habit.step = size;
    if (habit.chain > 1) {
      const bend = Math.abs(delta - habit.delta);
      if (habit.bend === 0) habit.bend = bend;
      else habit.bend *= bend > habit.bend ? 1 + MEDIAN_GAIN : 1 - MEDIAN_GAIN;
    }
    habit.delta = delta;
  }
  habit.chain = Math.min(2, habit.chain + 1);
  habit.last = value;
  habit.lastTs = ts;
}

/** A filled stretch of one channel. Part of snapshots. */
export interface FillShape {
  chain: number;
  first: number;
  last: number;
  delta: number;
  lastTs: number;
  samples: number;
  bends: number;
  /** Bends far below the usual one. */
  calm: number;
  /** Samples on the running straight line, where it began, and the longest that sloped. */
  line: number;
  lineFirst: number;
  longest: number;
  isFlat: boolean;
}

export function initialFillShape(): FillShape {
  return {
    chain: 0,
    first: 0,
    last: 0,
    delta: 0,
    lastTs: 0,
    samples: 0,
    bends: 0,
    calm: 0,
    line: 0,
    lineFirst: 0,
    longest: 0,
    isFlat: true,
  };
}

/** Values before a habit says anything. */
const LEARNED = 30;
/** Far below its usual level a channel's noise is another one, and standstill is near. */
const LEVEL_SHARE = 0.2;
/** Stretches that chance may take for a line; neighbouring bends are not independent, so some more are. */
const CHANCE = 1e-4;
/** Bends within this many resolutions are rounding. */
const ROUNDING = 2;

/** The channel moves by more than its rounding, so that a lack of movement says something. */
export function canTell(habit: ChannelHabit, resolution: number): boolean {
  return habit.count >= LEARNED && habit.bend >= ROUNDING * resolution && habit.bend > 0;
}

export interface FillValue {
  readonly value: number;
  readonly ts: number;
  /** ms from one value to the next, as the device should send them. */
  readonly stepMs: number;
  readonly resolution: number;
  /** Share of the usual bend below which a bend counts as calm. */
  readonly calmShare: number;
}

function follow(shape: FillShape, { value, resolution, calmShare }: FillValue, habit: ChannelHabit): void {
  const delta = value - shape.last;
  if (shape.chain === 1) {
    shape.line = 2;
    shape.lineFirst = shape.last;
  } else {
    const bend = Math.abs(delta - shape.delta);
    const scale = habit.level > 0 ? Math.min(1, Math.abs(value) / habit.level) : 1;
    shape.bends += 1;
    if (bend <= calmShare * habit.bend * scale) shape.calm += 1;
    const isStraight = bend <= ROUNDING * resolution + 1e-9 && delta * shape.delta >= 0;
    if (isStraight) shape.line += 1;
    else {
      shape.line = 2;
      shape.lineFirst = shape.last;
    }
  }
  if (Math.abs(value - shape.lineFirst) > ROUNDING * resolution) shape.longest = Math.max(shape.longest, shape.line);
  shape.delta = delta;
}

/** Takes in the next filled value, in order of time; one out of order begins a new stretch. */
export function addToShape(shape: FillShape, next: FillValue, habit: ChannelHabit): void {
  const { value, ts, stepMs } = next;
  const isNext = shape.chain > 0 && ts > shape.lastTs && ts - shape.lastTs <= 1.5 * stepMs;
  const isLow = Math.abs(value) < LEVEL_SHARE * Math.abs(habit.level);
  if (!isNext || isLow) shape.chain = 0;
  if (isLow) return;
  if (shape.samples === 0) shape.first = value;
  shape.samples += 1;
  if (Math.abs(value - shape.first) > 1e-9) shape.isFlat = false;
  if (shape.chain > 0) follow(shape, next, habit);
  shape.chain = Math.min(2, shape.chain + 1);
  shape.last = value;
  shape.lastTs = ts;
}

/** Two stretches of one channel as one; what goes on is the later one's. */
export function joinShapes(older: FillShape, newer: FillShape): FillShape {
  return {
    ...newer,
    first: older.first,
    samples: older.samples + newer.samples,
    bends: older.bends + newer.bends,
    calm: older.calm + newer.calm,
    longest: Math.max(older.longest, newer.longest),
    isFlat: older.isFlat && newer.isFlat && Math.abs(older.first - newer.first) <= 1e-9,
  };
}

/** Samples on a line that chance hardly ever makes in a stretch of this channel. */
function neededOnLine(habit: ChannelHabit, resolution: number, samples: number): number {
  // The chance of one bend within the rounding, five steps wide: a normal distribution with that median, at its middle.
  const chance = Math.min(0.9, Math.max(1e-6, (1.35 * resolution) / habit.bend));
  return 2 + Math.ceil(Math.log(CHANCE / samples) / Math.log(chance));
}

export type BrokenShape = 'interpolated' | 'mean-of-ends' | 'smooth';

/** Values right before and after the gap. */
export type Ends = readonly [before: number, after: number];

/** What is wrong with the stretch's shape; undefined where nothing is, or nothing can be said. */
export function brokenShape(
  shape: FillShape,
  habit: ChannelHabit,
  at: { readonly resolution: number; readonly ends: Ends | undefined },
  context: RuleContext,
): BrokenShape | undefined {
  const { resolution, ends } = at;
  if (!canTell(habit, resolution) || shape.samples < 3) return undefined;
  const needed = neededOnLine(habit, resolution, shape.samples);
  if (ends !== undefined && shape.isFlat && shape.samples >= Math.max(3, needed)) {
    const mean = (ends[0] + ends[1]) / 2;
    if (Math.abs(shape.first - mean) <= resolution / 2 + 1e-9) return 'mean-of-ends';
  }
  const isSmooth = shape.bends >= context.parameter('smoothSamples') && shape.calm * 2 >= shape.bends;
  const isLine = shape.longest >= Math.max(context.parameter('lineSamples'), needed);
  // Calm values make short lines by chance.
  if (isLine && (!isSmooth || shape.longest * 2 >= shape.samples)) return 'interpolated';
  return isSmooth ? 'smooth' : undefined;
}
