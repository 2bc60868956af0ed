/** How far a meter has said all that it will say of the running hour. */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { BoundMember } from './bound-parts.ts';

/**
 * Minutes before it that the meter has not spoken for will stay unknown: a mean of a period comes at its end, an instant
 * speaks from its time on.
 */
export function toldTo({ track, everyMs }: BoundMember, hourStart: number, now: number): number {
  const stepMs = track.lastTs === null ? Math.max(MINUTE_MS, everyMs, track.periodMs) : MINUTE_MS;
  return hourStart + Math.floor((now - hourStart) / stepMs) * stepMs;
}
