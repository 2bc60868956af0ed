/** The sites of a scenario: those that are written out, and those of its city. */
import { expandCity } from './expand-city.ts';
import type { ImposedOrder } from './obey-orders.ts';
import { readSite, type ScenarioSite, type SiteSurroundings } from './read-site.ts';
import type { ScenarioFile, SiteEntry } from './scenario-file.ts';
import { complain, type Path, type ScenarioReading } from './scenario-reading.ts';

/** A lasting order is played for as long as anybody plays. */
const NEVER_LIFTED = '+P400D';

function orderTimes(file: ScenarioFile): ReadonlyMap<string, { readonly from: string; readonly to: string }> {
  return new Map((file.orders ?? []).map(({ id, from, to }) => [id, { from, to: to ?? NEVER_LIFTED }]));
}

export interface SitesReading {
  readonly surroundings: Omit<SiteSurroundings, 'path'>;
  readonly imposed: readonly ImposedOrder[];
  readonly backlogMs: number;
}

function* entriesOf(
  reading: ScenarioReading,
  file: ScenarioFile,
  sites: SitesReading,
): Generator<{ readonly entry: SiteEntry; readonly path: Path }> {
  for (const [index, entry] of (file.sites ?? []).entries()) yield { entry, path: ['sites', index] };
  if (file.city === undefined) return;
  const around = {
    districts: sites.surroundings.districts,
    orders: sites.imposed,
    orderTimes: orderTimes(file),
    backlogMs: sites.backlogMs,
    reading,
  };
  for (const entry of expandCity(file.city, around)) yield { entry, path: ['city'] };
}

export function readSites(reading: ScenarioReading, file: ScenarioFile, sites: SitesReading): readonly ScenarioSite[] {
  const seen = new Set<string>();
  const read: ScenarioSite[] = [];
  for (const { entry, path } of entriesOf(reading, file, sites)) {
    if (seen.has(entry.id)) {
      complain(reading, [...path, 'id'], `site "${entry.id}" stands twice; rename one of them`);
    }
    seen.add(entry.id);
    const site = readSite(reading, entry, { ...sites.surroundings, path });
    if (site !== undefined) read.push(site);
  }
  if (seen.size === 0) complain(reading, [], 'there is no site: write some under `sites`, or a `city`');
  return read;
}
