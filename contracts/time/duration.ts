import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './instant.ts';

const ISO_DURATION = /^P(?:(\d+)W|(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/;

/** A calendar or clock span: months and milliseconds never convert into each other. */
export interface Duration {
  readonly months: number;
  readonly ms: number;
}

/**
 * An ISO 8601 duration of whole units. `undefined` for anything else, the empty and the zero duration included.
 * @example parseDuration('PT10M') // { months: 0, ms: 600000 }
 */
export function parseDuration(text: string): Duration | undefined {
  const match = ISO_DURATION.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const months = part(2) * 12 + part(3);
  const ms = (part(1) * 7 + part(4)) * DAY_MS + part(5) * HOUR_MS + part(6) * MINUTE_MS + part(7) * SECOND_MS;
  return months === 0 && ms === 0 ? undefined : { months, ms };
}

/** Milliseconds of a duration without months or years; `undefined` otherwise. */
export function parseClockDuration(text: string): number | undefined {
  const duration = parseDuration(text);
  return duration === undefined || duration.months > 0 ? undefined : duration.ms;
}

/** ISO 8601 text of a span of whole seconds, in the fewest units. */
export function formatClockDuration(ms: number): string {
  if (ms % DAY_MS === 0) return `P${ms / DAY_MS}D`;
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((ms % MINUTE_MS) / SECOND_MS);
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
}
