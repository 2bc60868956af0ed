/** How a meter is wired to what it measures: voltage, current transformers, power factor. */

export interface Wiring {
  /** From phase to neutral. */
  readonly phaseV: number;
  readonly powerFactor: number;
  /** Primary to secondary current of the transformers (CT变比). */
  readonly ctRatio: number;
}

/** Larger drives are fed at 10 kV. */
const LARGEST_LOW_VOLTAGE_KW = 315;
const LOW_PHASE_V = 220;
const HIGH_PHASE_V = 10_000 / Math.sqrt(3);
const POWER_FACTOR = 0.86;
const SECONDARY_A = 5;
/** Primary currents of transformers that are sold. */
const PRIMARIES_A = [50, 75, 100, 150, 200, 300, 400, 500, 600, 800, 1_000, 1_200, 1_500, 2_000, 2_500, 3_000, 4_000];
/** Room for the peak of a start. */
const HEADROOM = 1.4;

/** @param ratedKw of the machine, or the sum of the machines behind the meter */
export function wiringFor(ratedKw: number): Wiring {
  const phaseV = ratedKw > LARGEST_LOW_VOLTAGE_KW ? HIGH_PHASE_V : LOW_PHASE_V;
  const ratedA = (ratedKw * 1_000) / (3 * phaseV * POWER_FACTOR);
  const primaryA = PRIMARIES_A.find((candidate) => candidate >= ratedA * HEADROOM) ?? PRIMARIES_A.at(-1) ?? SECONDARY_A;
  return { phaseV, powerFactor: POWER_FACTOR, ctRatio: primaryA / SECONDARY_A };
}
