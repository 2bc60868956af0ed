/** One outlet at a boundary of the clock: what everything that closes its periods is given. */
import type { Limit } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import type { EventState, OutletStream } from './event-state.ts';
import { isPollutant, type OutletPlan, type SitePlan } from './site-plan.ts';
import type { Scribe } from './scribe.ts';

export interface Closing {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly outlet: OutletPlan;
  readonly stream: OutletStream;
  readonly scribe: Scribe;
}

const CONCENTRATION = /^mg\/m(3|³)$/;

/** A concentration in mg/m³, signals that the registry adds included: the conversion is for these only. */
export function isGas(plan: SitePlan, signal: string): boolean {
  return isPollutant(signal) || CONCENTRATION.test(plan.signals.get(signal)?.unit ?? '');
}

/** Whether the limit is set on this period; hours and days may be written in several ways (PT60M, PT24H). */
export function isOn(limit: Limit, average: string): boolean {
  if (average === 'PT1H') return limit.average.ms === HOUR_MS;
  if (average === 'P1D') return limit.average.ms === DAY_MS;
  return limit.average.text === average;
}
