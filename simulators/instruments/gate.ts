/** A vehicle gate (门禁): counts the lorries that came in and went out in a period. */
import type { RandomStream } from '../plants/random-stream.ts';
import type { DeviceReport, Instrument } from './device-report.ts';

const HOUR_MS = 3_600_000;
/** What came in goes out this much later. */
const STAY_MS = 40 * 60_000;

export interface Gate {
  readonly everyMs: number;
  readonly random: RandomStream;
  readonly countedFromAt: number;
  /** Lorries that are expected to come in an hour, at an instant. */
  readonly trucksPerHourAt: (at: number) => number;
}

/** A Poisson number by inversion of its distribution. `uniform` in [0, 1). */
function poissonCount(mean: number, uniform: number): number {
  let term = Math.exp(-mean);
  let reached = term;
  let count = 0;
  while (uniform >= reached && term > 1e-12) {
    count += 1;
    term *= mean / count;
    reached += term;
  }
  return count;
}

export function createGate(gate: Gate): Instrument {
  const { everyMs, random } = gate;
  const arrivals = random.split('in');
  const cameIn = (fromAt: number): number => {
    const mean = (gate.trucksPerHourAt(fromAt) * everyMs) / HOUR_MS;
    return poissonCount(mean, arrivals.uniformAt(Math.round(fromAt / everyMs)));
  };
  const stayPeriods = Math.ceil(STAY_MS / everyMs);
  const reportAt = (tickAt: number): DeviceReport => {
    const tsAt = tickAt - everyMs;
    return {
      tsAt,
      periodMs: everyMs,
      values: { 'trucks-in': cameIn(tsAt), 'trucks-out': cameIn(tsAt - stayPeriods * everyMs) },
      flags: {},
      seq: Math.max(0, Math.round((tickAt - gate.countedFromAt) / everyMs)),
      isResent: false,
      mark: undefined,
      parameters: undefined,
    };
  };
  return { everyMs, reportAt };
}
