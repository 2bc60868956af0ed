/**
 * RFC 3339 instants as epoch milliseconds, without the platform's date parser: that one accepts what the contract
 * refuses (30 February, a missing offset) and is the slowest part of reading a report.
 */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 1970-01-01 of a proleptic Gregorian date (algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number; inverse of {@link daysFromCivil}. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthPrime = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthPrime < 10 ? monthPrime + 3 : monthPrime - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthPrime + 2) / 5) + 1,
  };
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** The number in `text[start, start + length)`, or NaN where a character is no digit. */
function digits(text: string, start: number, length: number): number {
  let value = 0;
  for (let i = start; i < start + length; i += 1) {
    const code = text.charCodeAt(i) - 48;
    if (!(code >= 0 && code <= 9)) return Number.NaN;
    value = value * 10 + code;
  }
  return value;
}

// Reports come in long runs of one date: remembering the last one halves the cost. A cache of a pure function.
let lastDateText = '';
let lastDateMs = 0;

function dateMs(text: string): number {
  const head = text.slice(0, 10);
  if (head === lastDateText) return lastDateMs;
  if (head.charCodeAt(4) !== 45 || head.charCodeAt(7) !== 45) return Number.NaN;
  const year = digits(head, 0, 4);
  const month = digits(head, 5, 2);
  const day = digits(head, 8, 2);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  lastDateText = head;
  lastDateMs = daysFromCivil(year, month, day) * DAY_MS;
  return lastDateMs;
}

/** Milliseconds and the position after an optional fraction that starts at `at`. */
function fraction(text: string, at: number): { ms: number; next: number } {
  if (text.charCodeAt(at) !== 46) return { ms: 0, next: at };
  let next = at + 1;
  let ms = 0;
  let scale = 100;
  while (next < text.length) {
    const code = text.charCodeAt(next) - 48;
    if (!(code >= 0 && code <= 9)) break;
    ms += code * scale;
    scale /= 10;
    next += 1;
  }
  return next === at + 1 ? { ms: Number.NaN, next } : { ms: Math.floor(ms), next };
}

function offsetMs(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if ((sign === 90 || sign === 122) && text.length === at + 1) return 0;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58) return Number.NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === 43 ? 1 : -1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/**
 * Epoch milliseconds of an RFC 3339 instant with offset; `NaN` for anything else. Fractions beyond milliseconds are
 * cut off; second 60 (a leap second) is read as the second after 59, as POSIX time does.
 * @example parseInstant('1970-01-01T08:00:01.5+08:00') // 1500
 */
export function parseInstant(text: string): number {
  const t = text.charCodeAt(10);
  if ((t !== 84 && t !== 116) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return Number.NaN;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  const part = fraction(text, 19);
  return dateMs(text) + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + part.ms - offsetMs(text, part.next);
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/**
 * RFC 3339 text of an instant at a fixed offset; milliseconds only where there are any.
 * @param offset minutes east of UTC, 480 for Asia/Shanghai
 */
export function formatInstant(at: number, offset: number): string {
  const local = at + offset * MINUTE_MS;
  const day = Math.floor(local / DAY_MS);
  const rest = local - day * DAY_MS;
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  const ms = rest % SECOND_MS;
  const time = `${two(Math.floor(rest / HOUR_MS))}:${two(Math.floor(rest / MINUTE_MS) % 60)}:${two(Math.floor(rest / SECOND_MS) % 60)}`;
  const tail = ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`;
  const absolute = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}T${time}${tail}${zone}`;
}
