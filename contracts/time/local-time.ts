/**
 * Which regulation day and hour an instant belongs to. The only file that knows time zones.
 *
 * Hours follow the zone's wall clock; a zone whose offset is no whole hour has its hours where its clock shows them.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, civilFromDays, daysFromCivil, formatInstant } from './instant.ts';

export interface LocalTime {
  readonly timezone: string;
  /** Minutes east of UTC at an instant. */
  offsetMinutes(at: number): number;
  /** Start of the local day that contains the instant. */
  dayStart(at: number): number;
  /** Start of the next local day: 23 or 25 h later where the clock is changed. */
  dayEnd(at: number): number;
  hourStart(at: number): number;
  /** Start of the local calendar month / year that contains the instant. */
  monthStart(at: number): number;
  yearStart(at: number): number;
  /** Local midnight of a calendar date `YYYY-MM-DD`; NaN where it is none. */
  midnight(date: string): number;
  /** Minutes since local midnight by the wall clock. */
  minuteOfDay(at: number): number;
  /** RFC 3339 text in local time. */
  format(at: number): string;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Offset in minutes as the platform's zone data has it. Slow (microseconds): called once per zone and UTC day half. */
function platformOffset(formatter: Intl.DateTimeFormat, at: number): number {
  const parts: Record<string, number> = {};
  for (const part of formatter.formatToParts(at)) parts[part.type] = Number(part.value);
  const days = daysFromCivil(parts['year'] ?? 0, parts['month'] ?? 1, parts['day'] ?? 1);
  const local = days * DAY_MS + (parts['hour'] ?? 0) * HOUR_MS + (parts['minute'] ?? 0) * MINUTE_MS;
  return Math.round((local - Math.floor(at / MINUTE_MS) * MINUTE_MS) / MINUTE_MS);
}

/** Offsets of a zone, looked up once for each UTC day, or quarter hour where the day has a change. */
function createOffsets(formatter: Intl.DateTimeFormat): (at: number) => number {
  // Offsets change at whole quarter hours everywhere: one look per quarter hour is exact, one a day is enough where
  // both ends of the day agree.
  const dayOffsets = new Map<number, number>();
  const quarterOffsets = new Map<number, number>();
  let lastDay = Number.NaN;
  let lastOffset = 0;
  const quarterOffset = (at: number): number => {
    const quarter = Math.floor(at / (15 * MINUTE_MS));
    let offset = quarterOffsets.get(quarter);
    if (offset === undefined) {
      offset = platformOffset(formatter, quarter * 15 * MINUTE_MS);
      quarterOffsets.set(quarter, offset);
    }
    return offset;
  };
  return (at) => {
    const day = Math.floor(at / DAY_MS);
    if (day === lastDay) return lastOffset;
    let offset = dayOffsets.get(day);
    if (offset === undefined) {
      const first = platformOffset(formatter, day * DAY_MS);
      const last = platformOffset(formatter, (day + 1) * DAY_MS - MINUTE_MS);
      offset = first === last ? first : Number.NaN;
      if (dayOffsets.size > 20_000) dayOffsets.clear();
      dayOffsets.set(day, offset);
    }
    if (Number.isNaN(offset)) return quarterOffset(at);
    lastDay = day;
    lastOffset = offset;
    return offset;
  };
}

function createFormatter(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

/** Epoch ms of a calendar date as if it were UTC; NaN where it is none. */
function utcOfDate(date: string): number {
  const match = DATE.exec(date);
  if (match === null) return Number.NaN;
  const days = daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3]));
  const back = civilFromDays(days);
  return back.month === Number(match[2]) && back.day === Number(match[3]) ? days * DAY_MS : Number.NaN;
}

/**
 * @param timezone IANA name
 * @throws RangeError where the platform does not know the zone
 */
export function createLocalTime(timezone: string): LocalTime {
  const offsetMinutes = createOffsets(createFormatter(timezone));
  /** The instant at which the wall clock shows `localMs`; where it is skipped, the first instant after the gap. */
  const fromLocal = (localMs: number): number => {
    const guess = localMs - offsetMinutes(localMs) * MINUTE_MS;
    const second = localMs - offsetMinutes(guess) * MINUTE_MS;
    return offsetMinutes(second) === offsetMinutes(guess) ? second : Math.max(guess, second);
  };
  const local = (at: number): number => at + offsetMinutes(at) * MINUTE_MS;
  const localDay = (at: number): number => Math.floor(local(at) / DAY_MS);
  const firstOf = (at: number, keepsMonth: boolean): number => {
    const { year, month } = civilFromDays(localDay(at));
    return fromLocal(daysFromCivil(year, keepsMonth ? month : 1, 1) * DAY_MS);
  };
  return {
    timezone,
    offsetMinutes,
    dayStart: (at) => fromLocal(localDay(at) * DAY_MS),
    dayEnd: (at) => fromLocal((localDay(at) + 1) * DAY_MS),
    hourStart: (at) => at - (((local(at) % HOUR_MS) + HOUR_MS) % HOUR_MS),
    monthStart: (at) => firstOf(at, true),
    yearStart: (at) => firstOf(at, false),
    midnight: (date) => {
      const utc = utcOfDate(date);
      return Number.isNaN(utc) ? Number.NaN : fromLocal(utc);
    },
    minuteOfDay: (at) => Math.floor((((local(at) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS),
    format: (at) => formatInstant(at, offsetMinutes(at)),
  };
}
