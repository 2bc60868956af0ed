/**
 * Which minutes of the running hour a production meter has spoken for, and in which it was on: what tells whether an
 * outlet was operating.
 */
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';

/** Minutes of one hour as two words of 30 bits: known, and on. Part of snapshots. */
export interface MeterHour {
  start: number | null;
  known: [number, number];
  on: [number, number];
}

export function createMeterHour(): MeterHour {
  return { start: null, known: [0, 0], on: [0, 0] };
}

/**
 * The meter says on or off for [from, to); only what lies in the hour counts. A mean of more than an hour says nothing
 * about any one hour.
 * @param said `isKnown`: enough of the minute's samples are there; a single one that is on makes the minute on
 */
export function markMinutes(
  hour: MeterHour,
  start: number,
  span: { from: number; to: number },
  said: { readonly isOn: boolean; readonly isKnown: boolean },
): void {
  if (span.to - span.from > HOUR_MS) return;
  if (hour.start !== start) {
    hour.start = start;
    hour.known = [0, 0];
    hour.on = [0, 0];
  }
  const first = Math.max(0, Math.floor((span.from - start) / MINUTE_MS));
  const last = Math.min(60, Math.max(first + 1, Math.ceil((span.to - start) / MINUTE_MS)));
  for (let minute = first; minute < last; minute += 1) {
    const word = minute >= 30 ? 1 : 0;
    const bit = 1 << (minute % 30);
    if (said.isKnown) hour.known[word] |= bit;
    if (said.isOn) hour.on[word] |= bit;
  }
}

/** 75 % of an hour. */
const NEEDED_MINUTES = 45;

function bits(word: number): number {
  let rest = word;
  let count = 0;
  while (rest !== 0) {
    rest &= rest - 1;
    count += 1;
  }
  return count;
}

/** Mask of the minutes of a span in each word. */
function spanMask(fromMinute: number, toMinute: number): [number, number] {
  const mask: [number, number] = [0, 0];
  for (let minute = fromMinute; minute < toMinute; minute += 1) mask[minute >= 30 ? 1 : 0] |= 1 << (minute % 30);
  return mask;
}

/**
 * Whether the meter shows standstill over a period of the hour: at least 75 % of its minutes known (45 of an hour),
 * none of them on.
 */
export function showsStandstill(hour: MeterHour, start: number, period: { from: number; to: number }): boolean {
  if (hour.start !== start) return false;
  const whole = period.to - period.from === HOUR_MS;
  const mask: [number, number] = whole
    ? [0x3fffffff, 0x3fffffff]
    : spanMask((period.from - start) / MINUTE_MS, (period.to - start) / MINUTE_MS);
  if ((hour.on[0] & mask[0]) !== 0 || (hour.on[1] & mask[1]) !== 0) return false;
  const known = bits(hour.known[0] & mask[0]) + bits(hour.known[1] & mask[1]);
  return known >= 0.75 * (bits(mask[0]) + bits(mask[1]));
}

/** Whether the meter was on in any minute of the hour so far. */
export function wasOn(hour: MeterHour | undefined, start: number): boolean {
  return hour?.start === start && (hour.on[0] !== 0 || hour.on[1] !== 0);
}

/**
 * Whether the meter can still show standstill over the running hour: it was not on, and enough minutes are known or may
 * still be told.
 * @param toldTo minutes before it that are not known will not be told any more
 */
export function mayShowStandstill(hour: MeterHour | undefined, start: number, toldTo: number): boolean {
  if (wasOn(hour, start)) return false;
  const past = Math.max(0, Math.min(60, Math.floor((toldTo - start) / MINUTE_MS)));
  if (hour?.start !== start) return 60 - past >= NEEDED_MINUTES;
  const mask = spanMask(0, past);
  return bits(hour.known[0] & mask[0]) + bits(hour.known[1] & mask[1]) + 60 - past >= NEEDED_MINUTES;
}
