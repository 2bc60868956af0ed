/**
 * One clock period (an hour or less) of one signal while it fills: parts of every fineness beside each other.
 *
 * A minute (or a part as long as the cadence, where that is coarser) is valid with at least 75 % of the samples its
 * cadence promises flagged N or T. A mean is the unweighted mean of the valid parts of the finest set that is valid
 * itself; the device's own mean of the whole period serves where no finer set is (contract 4; HJ 212-2017 annex D).
 */
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';

/** Valid parts of one length: which ones (30 bits a word), how many, their sum. Part of snapshots. */
export interface PartSet {
  readonly partMs: number;
  low: number;
  high: number;
  count: number;
  sum: number;
  /** Smallest and largest part; 0 while there is none. */
  min: number;
  max: number;
  /** Parts that hold an over-range value, which counts at face value as a lower bound. */
  overRange: number;
  /** What the sum would change by with values that were sent later for the same instants. */
  laterDelta: number;
}

export interface OwnMean {
  readonly mean: number;
  readonly overRange: boolean;
  readonly converted: number | undefined;
  readonly laterDelta: number;
}

export interface PeriodCell {
  readonly periodMs: number;
  start: number | null;
  /** The part that instants are being gathered for. */
  part: number;
  samples: number;
  sampleSum: number;
  sampleOver: number;
  sampleDelta: number;
  sets: PartSet[];
  /** The device's own mean of the whole period. */
  own: OwnMean | null;
}

/** One valid value for a cell. */
export interface CellValue {
  readonly value: number;
  readonly overRange: boolean;
  /** Difference of a value sent later for the same identity; 0 where there is none. */
  readonly laterDelta: number;
}

export interface CellMean {
  readonly mean: number | null;
  readonly valid: boolean;
  readonly source: 'samples' | 'device';
  readonly overRange: boolean;
  readonly parts: { readonly valid: number; readonly expected: number; readonly partMs: number };
  readonly own: OwnMean | null;
  /** What the mean would be with the values sent later; null where none were. */
  readonly later: number | null;
}

export function createCell(periodMs: number): PeriodCell {
  return {
    periodMs,
    start: null,
    part: -1,
    samples: 0,
    sampleSum: 0,
    sampleOver: 0,
    sampleDelta: 0,
    sets: [],
    own: null,
  };
}

/** Length of the parts that instants of this cadence are gathered in. */
export function samplePartMs(everyMs: number): number {
  return Math.max(MINUTE_MS, everyMs);
}

function partSet(cell: PeriodCell, partMs: number): PartSet {
  for (const set of cell.sets) if (set.partMs === partMs) return set;
  const set: PartSet = { partMs, low: 0, high: 0, count: 0, sum: 0, min: 0, max: 0, overRange: 0, laterDelta: 0 };
  cell.sets.push(set);
  cell.sets.sort((a, b) => a.partMs - b.partMs);
  return set;
}

export function hasPart(set: PartSet, part: number): boolean {
  return ((part >= 30 ? set.high : set.low) & (1 << (part % 30))) !== 0;
}

function fill(set: PartSet, part: number, value: CellValue): void {
  if (hasPart(set, part)) return;
  const bit = 1 << (part % 30);
  if (part >= 30) set.high |= bit;
  else set.low |= bit;
  if (set.count === 0 || value.value < set.min) set.min = value.value;
  if (set.count === 0 || value.value > set.max) set.max = value.value;
  set.count += 1;
  set.sum += value.value;
  set.laterDelta += value.laterDelta;
  if (value.overRange) set.overRange += 1;
}

/** What is left of a period that no boundary closed (the first of a stream) says nothing about this one. */
function begin(cell: PeriodCell, start: number): void {
  if (cell.start !== null) clear(cell);
  cell.start = start;
}

function clear(cell: PeriodCell): void {
  cell.start = null;
  clearSamples(cell);
  cell.sets = [];
  cell.own = null;
}

function clearSamples(cell: PeriodCell): void {
  cell.part = -1;
  cell.samples = 0;
  cell.sampleSum = 0;
  cell.sampleOver = 0;
  cell.sampleDelta = 0;
}

/** How many samples a part of instants holds when none is missing. */
export function promisedSamples(everyMs: number): number {
  return Math.max(1, Math.floor(samplePartMs(everyMs) / everyMs));
}

function closeSamplePart(cell: PeriodCell, everyMs: number): void {
  if (cell.part >= 0 && cell.samples > 0) {
    const partMs = samplePartMs(everyMs);
    if (cell.samples >= 0.75 * promisedSamples(everyMs)) {
      fill(partSet(cell, partMs), cell.part, {
        value: cell.sampleSum / cell.samples,
        overRange: cell.sampleOver > 0,
        laterDelta: cell.sampleDelta / cell.samples,
      });
    }
  }
  clearSamples(cell);
}

/** The part that instants are being gathered for is complete where it ends by `until`: no later one can belong to it. */
export function settleSamples(cell: PeriodCell, everyMs: number, until: number): void {
  if (cell.start === null || cell.part < 0) return;
  if (cell.start + (cell.part + 1) * samplePartMs(everyMs) <= until) closeSamplePart(cell, everyMs);
}

/** A valid sample; samples come in order of time. */
export function addSample(
  cell: PeriodCell,
  at: { readonly start: number; readonly everyMs: number },
  ts: number,
  value: CellValue,
): void {
  const { start, everyMs } = at;
  if (cell.start !== start) begin(cell, start);
  const part = Math.floor((ts - start) / samplePartMs(everyMs));
  if (part !== cell.part) {
    closeSamplePart(cell, everyMs);
    cell.part = part;
  }
  cell.samples += 1;
  cell.sampleSum += value.value;
  cell.sampleDelta += value.laterDelta;
  if (value.overRange) cell.sampleOver += 1;
}

/** A valid mean the device made over [ts, ts + partMs), which lies in the cell's period. */
export function addPart(
  cell: PeriodCell,
  start: number,
  span: { readonly ts: number; readonly partMs: number; readonly everyMs: number },
  value: CellValue & { readonly converted: number | undefined },
): void {
  if (cell.start !== start) begin(cell, start);
  if (span.partMs === cell.periodMs) {
    cell.own = {
      mean: value.value,
      overRange: value.overRange,
      converted: value.converted,
      laterDelta: value.laterDelta,
    };
    return;
  }
  // Samples of the same part, all of them earlier, go first: the finer data count where they are valid.
  if (span.partMs === samplePartMs(span.everyMs)) closeSamplePart(cell, span.everyMs);
  fill(partSet(cell, span.partMs), Math.floor((span.ts - start) / span.partMs), value);
}

/** How many valid parts make the period valid: 45 minutes of an hour, else 75 %. */
export function neededParts(periodMs: number, partMs: number): number {
  return periodMs === HOUR_MS && partMs === MINUTE_MS ? 45 : 0.75 * Math.max(1, Math.floor(periodMs / partMs));
}

/** The finest set of parts that makes the period valid so far; undefined where none does. */
export function usableSet(cell: PeriodCell, start: number): PartSet | undefined {
  if (cell.start !== start) return undefined;
  return cell.sets.find((set) => set.count >= neededParts(cell.periodMs, set.partMs));
}

export function expectedParts(cell: PeriodCell, partMs: number): number {
  return Math.max(1, Math.floor(cell.periodMs / partMs));
}

function setMean(cell: PeriodCell, set: PartSet): CellMean {
  return {
    mean: set.sum / set.count,
    valid: true,
    source: 'samples',
    overRange: set.overRange > 0,
    parts: { valid: set.count, expected: expectedParts(cell, set.partMs), partMs: set.partMs },
    own: cell.own,
    later: set.laterDelta === 0 ? null : (set.sum + set.laterDelta) / set.count,
  };
}

/** Ends the period that begins at `start`: its mean, or why there is none. The cell is empty afterwards. */
export function closeCell(cell: PeriodCell, start: number, everyMs: number): CellMean {
  if (cell.start !== start) clear(cell);
  closeSamplePart(cell, everyMs);
  const usable = usableSet(cell, start);
  const mean = usable === undefined ? ownOrNothing(cell, everyMs) : setMean(cell, usable);
  clear(cell);
  return mean;
}

function ownOrNothing(cell: PeriodCell, everyMs: number): CellMean {
  const { own } = cell;
  if (own !== null) {
    const parts = { valid: 1, expected: 1, partMs: cell.periodMs };
    const later = own.laterDelta === 0 ? null : own.mean + own.laterDelta;
    return { mean: own.mean, valid: true, source: 'device', overRange: own.overRange, parts, own, later };
  }
  const best = cell.sets[0];
  const partMs = best?.partMs ?? Math.min(samplePartMs(everyMs), cell.periodMs);
  const parts = { valid: best?.count ?? 0, expected: expectedParts(cell, partMs), partMs };
  return { mean: null, valid: false, source: 'samples', overRange: false, parts, own: null, later: null };
}
