/** What is remembered of the masses that an outlet emits, by signal under a cap. Part of snapshots. */
import type { DailyMass } from '../means/daily-mass.ts';
import { createMassHistory, type MassHistory } from '../means/emission-mass.ts';
import type { EmissionTotal } from '../means/emission-total.ts';
import type { CapFacts } from '../rules/cap-words.ts';
import type { ForecastState } from '../rules/limit.total-forecast.ts';
import type { TotalState } from '../rules/limit.total.ts';

/** One calendar period of a cap. */
export interface CapPeriod {
  /** As the registry had it last. */
  cap: CapFacts;
  total: EmissionTotal;
  passed: TotalState;
  forecast: ForecastState;
  /** The period is over; it stays while one of its hours may still come out differently. */
  isClosed: boolean;
}

export interface SignalEmission {
  history: MassHistory;
  days: DailyMass[];
  /** By length of the calendar period; the running one last. */
  caps: Record<string, CapPeriod[]>;
}

export type OutletEmission = Record<string, SignalEmission>;

export function createSignalEmission(): SignalEmission {
  return { history: createMassHistory(), days: [], caps: {} };
}
