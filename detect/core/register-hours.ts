/**
 * The register of a meter at full hours: what it grew by in an hour is the hour's energy, whatever happened between.
 */
import { HOUR_MS } from '../../contracts/time/instant.ts';

/** One reading of a register. */
export interface RegisterReading {
  readonly kWh: number;
  readonly at: number;
}

/** Hours that a slow device of the same line may lag behind, and two for the ends. */
const KEPT = 6;
/** Between readings further apart than this nothing is said about the hour's begin. */
const LONGEST_STEP_MS = HOUR_MS;

/**
 * Notes the register at a full hour that two readings enclose, in between by the straight line.
 * @param hours `[hour, kWh, hour, kWh …]`, oldest first; part of snapshots
 * @param hourStart begin of the local hour that the later reading lies in
 */
export function noteRegister(
  hours: number[],
  before: RegisterReading | null,
  now: RegisterReading,
  hourStart: number,
): void {
  const last = hours[hours.length - 2];
  if (last !== undefined && last >= hourStart) return;
  const kWh = now.at === hourStart ? now.kWh : between(before, now, hourStart);
  if (kWh === undefined) return;
  hours.push(hourStart, kWh);
  if (hours.length > 2 * KEPT) hours.splice(0, 2);
}

function between(before: RegisterReading | null, now: RegisterReading, at: number): number | undefined {
  if (before === null || before.at > at || now.at - before.at > LONGEST_STEP_MS) return undefined;
  // A register that went back says nothing about the hour on either side.
  if (now.kWh < before.kWh) return undefined;
  return before.kWh + ((at - before.at) / (now.at - before.at)) * (now.kWh - before.kWh);
}

function registerAt(hours: readonly number[], at: number): number | undefined {
  for (let index = hours.length - 2; index >= 0; index -= 2) {
    if (hours[index] === at) return hours[index + 1];
  }
  return undefined;
}

/** kWh that the register grew by in the hour; `undefined` where an end is not known or it went back. */
export function registerGrowth(hours: readonly number[], start: number): number | undefined {
  const first = registerAt(hours, start);
  const second = registerAt(hours, start + HOUR_MS);
  if (first === undefined || second === undefined || second < first) return undefined;
  return second - first;
}
