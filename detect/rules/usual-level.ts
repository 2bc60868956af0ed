/** A level that a quantity usually works at, learned quickly upwards and forgotten slowly: one number. */
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';

/** A motor's inrush of seconds leaves no trace in ten minutes; a week of standstill forgets little. */
const ATTACK_MS = 10 * MINUTE_MS;
const RELEASE_MS = 7 * DAY_MS;

/**
 * The level after `value` held for `lengthMs`.
 * @example usualAfter(0, 100, 10 * MINUTE_MS) // 50: a share of length ÷ (length + ten minutes)
 */
export function usualAfter(level: number, value: number, lengthMs: number): number {
  const slowness = value > level ? ATTACK_MS : RELEASE_MS;
  return level + ((value - level) * lengthMs) / (lengthMs + slowness);
}
