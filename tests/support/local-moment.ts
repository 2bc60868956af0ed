/** Instants of tests as a clock in Zhengzhou shows them. */
import { formatInstant, parseInstant } from '../../contracts/time/instant.ts';

const SHANGHAI_MINUTES = 480;

/**
 * Epoch milliseconds of a wall clock time at +08:00; the day is 2026-11-22 where none is given.
 * @example moment('08:00') // 2026-11-22T08:00:00+08:00
 * @example moment('2026-11-23 08:00:30')
 */
export function moment(text: string): number {
  const [first = '', second] = text.split(' ');
  const [date, clock] =
    second !== undefined ? [first, second] : first.includes('-') ? [first, '00:00'] : ['2026-11-22', first];
  const at = parseInstant(`${date}T${clock.length === 5 ? `${clock}:00` : clock}+08:00`);
  if (Number.isNaN(at)) throw new RangeError(`"${text}" is no moment; write it as 08:00 or 2026-11-22 08:00`);
  return at;
}

/** RFC 3339 text at +08:00, as findings have it. */
export function rfc3339(at: number | string): string {
  return formatInstant(typeof at === 'number' ? at : moment(at), SHANGHAI_MINUTES);
}
