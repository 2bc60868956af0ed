/** When a line works: its hours and days, the holidays and the heating season, without its stops. */
import { DAY_MS, HOUR_MS, MINUTE_MS, civilFromDays, daysFromCivil } from '../contracts/time/instant.ts';
import type { LineModel } from './plants/plant-model.ts';
import type { RandomStream } from './plants/random-stream.ts';
import { subtract, type Span } from './plants/span.ts';
import type { ScenarioReading } from './scenario-reading.ts';

/** Runs are laid out for spans of this length, with as much around them as an activity has to know. */
const CHUNK_MS = 8 * DAY_MS;
const AROUND_MS = 16 * DAY_MS;
/** Lunar new year's day (春节), from the almanac; beyond these years nobody is on holiday. */
const NEW_YEARS: readonly (readonly [number, number, number])[] = [
  [2024, 2, 10],
  [2025, 1, 29],
  [2026, 2, 17],
  [2027, 2, 6],
  [2028, 1, 26],
  [2029, 2, 13],
  [2030, 2, 3],
  [2031, 1, 23],
  [2032, 2, 11],
];
/** Firms close some days before it and open again after the week. */
const CLOSED_BEFORE_DAYS = 3;
const CLOSED_DAYS = 11;
/** Month and day of public holidays that are kept for three days. */
const PUBLIC_HOLIDAYS: readonly (readonly [number, number])[] = [
  [5, 1],
  [10, 1],
];
const PUBLIC_HOLIDAY_DAYS = 3;
/** 15 November to 15 March (采暖季), as month × 100 + day. */
const HEATING_FROM = 1_115;
const HEATING_TO = 315;

interface LocalDay {
  readonly startAt: number;
  /** Days since 1970 of the local calendar. */
  readonly number: number;
}

function localDay(reading: ScenarioReading, at: number): LocalDay {
  const startAt = reading.time.dayStart(at);
  const offsetMs = reading.time.offsetMinutes(startAt) * MINUTE_MS;
  return { startAt, number: Math.floor((startAt + offsetMs) / DAY_MS) };
}

function isHoliday(dayNumber: number, shiftDays: number): boolean {
  const { year, month, day } = civilFromDays(dayNumber);
  const newYear = NEW_YEARS.find(([of]) => of === year);
  if (newYear !== undefined) {
    const since = dayNumber - daysFromCivil(...newYear);
    if (since + shiftDays >= -CLOSED_BEFORE_DAYS && since + shiftDays < CLOSED_DAYS - CLOSED_BEFORE_DAYS) return true;
  }
  return PUBLIC_HOLIDAYS.some(([of, from]) => of === month && day >= from && day < from + PUBLIC_HOLIDAY_DAYS);
}

function isHeating(dayNumber: number): boolean {
  const { month, day } = civilFromDays(dayNumber);
  const place = month * 100 + day;
  return place >= HEATING_FROM || place < HEATING_TO;
}

/** Weekday of a day number, 0 = Sunday: 1 January 1970 was a Thursday. */
function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}

interface Days {
  readonly reading: ScenarioReading;
  readonly line: LineModel;
  readonly hours: readonly [number, number] | undefined;
  readonly random: RandomStream;
  /** Not every firm closes and opens on the same day. */
  readonly holidayShiftDays: number;
}

function worksOn({ line, holidayShiftDays }: Days, dayNumber: number): boolean {
  if (line.restDays?.includes(weekdayOf(dayNumber)) === true) return false;
  if (line.holidays === true && isHoliday(dayNumber, holidayShiftDays)) return false;
  return line.heatingSeason !== true || isHeating(dayNumber);
}

function workOf({ hours, line, random }: Days, { startAt, number }: LocalDay, nextAt: number): Span {
  if (hours === undefined) return { fromAt: startAt, toAt: nextAt };
  const [from, to] = hours;
  const wanderMs = (line.wanderMinutes ?? 0) * MINUTE_MS;
  const minute = (share: number): number => Math.round(share / MINUTE_MS) * MINUTE_MS;
  const early = minute(wanderMs * (2 * random.uniformAt(2 * number) - 1));
  const late = minute(wanderMs * (2 * random.uniformAt(2 * number + 1) - 1));
  const lengthMs = (to > from ? to - from : to + 24 - from) * HOUR_MS;
  return { fromAt: startAt + from * HOUR_MS + early, toAt: startAt + from * HOUR_MS + lengthMs + late };
}

/** Working spans of the days that touch a window; spans that meet are one. */
function layOut(days: Days, window: Span): readonly Span[] {
  const spans: Span[] = [];
  let day = localDay(days.reading, window.fromAt);
  while (day.startAt < window.toAt) {
    const nextAt = days.reading.time.dayEnd(day.startAt);
    if (worksOn(days, day.number)) {
      const span = workOf(days, day, nextAt);
      const last = spans.at(-1);
      if (last !== undefined && span.fromAt <= last.toAt) spans[spans.length - 1] = { ...last, toAt: span.toAt };
      else spans.push(span);
    }
    day = localDay(days.reading, nextAt);
  }
  return spans;
}

const ALWAYS: readonly Span[] = [{ fromAt: -Infinity, toAt: Infinity }];

/**
 * When a line runs.
 * @param hours instead of those of the line
 * @returns spans around an instant, those of 16 days before and after it at least; the last layout is kept
 */
export function createSchedule(
  reading: ScenarioReading,
  line: LineModel,
  random: RandomStream,
  given: { readonly hours: readonly [number, number] | undefined; readonly stops: readonly Span[] },
): (at: number) => readonly Span[] {
  const hours = given.hours ?? line.dailyHours;
  const isDaily = hours !== undefined || line.holidays === true || line.heatingSeason === true;
  if (!isDaily) {
    const runs = subtract(ALWAYS, given.stops);
    return () => runs;
  }
  const holidayShiftDays = Math.floor(random.uniformAt(-1) * 5) - 2;
  const days: Days = { reading, line, hours, random, holidayShiftDays };
  let keptChunk = Number.NaN;
  let kept: readonly Span[] = [];
  return (at) => {
    const chunk = Math.floor(at / CHUNK_MS);
    if (chunk === keptChunk) return kept;
    const window = { fromAt: chunk * CHUNK_MS - AROUND_MS, toAt: (chunk + 1) * CHUNK_MS + AROUND_MS };
    kept = subtract(layOut(days, window), given.stops);
    keptChunk = chunk;
    return kept;
  };
}
