/** What the city is, for the registry and for whoever asks about it; and the sites of the probe beside it. */
import { readFileSync } from 'node:fs';
import { findScenario } from '../../../simulators/read-scenario-file.ts';
import type { Scenario } from '../../../simulators/scenario.ts';
import { withSites } from './city-size.ts';

const CITY = new URL('../../../simulators/scenarios/city.yaml', import.meta.url);

/** The limit of a probe's stack, mg/m³. */
export const PROBE_LIMIT = 100;

export interface CityChoice {
  /** Name of a built-in scenario, or path of a file. */
  readonly scenario: string;
  readonly startAt: number;
}

export function cityText(sites: number): string {
  return withSites(readFileSync(CITY, 'utf8'), sites);
}

export function loadCity({ scenario, startAt }: CityChoice): Scenario {
  return findScenario(scenario, { startAt });
}

/** Reports a second that its devices send at their own cadence. */
export function naturalRate({ sites }: Scenario): number {
  return sites.flatMap(({ devices }) => devices).reduce((sum, { instrument }) => sum + 1_000 / instrument.everyMs, 0);
}

export function probeSite(index: number): string {
  return `probe-${String(index).padStart(4, '0')}`;
}

/** Sites with one stack, its monitor and the meter of its line: a further file of the registry. */
export function probeRegistry(count: number, district: string): string {
  const sites = Array.from({ length: count }, (_, index) => ({
    id: probeSite(index),
    name: `probe ${index}`,
    district,
    industry: 'cement',
    devices: [
      { id: 'cems-1', kind: 'cems', every: 'PT1M' },
      { id: 'm-prod', kind: 'meter', every: 'PT1M' },
    ],
    outlets: [
      {
        id: 'stack',
        device: 'cems-1',
        limits: [{ signal: 'nox', max: PROBE_LIMIT, average: 'PT1H', from: '2020-01-01', source: 'probe' }],
      },
    ],
    lines: [{ id: 'line', outlets: ['stack'], production: [{ device: 'm-prod', rated: 1_200, on: 240 }] }],
  }));
  return JSON.stringify({ version: 1, sites });
}
