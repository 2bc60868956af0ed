/** Sites that a caller may see. What lies outside its districts does not exist for it. */
import type { Registry, Site } from '../contracts/registry/registry.ts';
import { seesDistrict, type Caller } from './caller.ts';
import { noSuch } from './http/problem.ts';

/** @throws Problem 404, in the same words whether the site is unknown or in another district */
export function requireSite(registry: Registry, id: string, caller: Caller): Site {
  const site = registry.sites.get(id);
  if (site === undefined || !seesDistrict(caller, site.district)) throw noSuch('企业', 'site', id);
  return site;
}

/** Whether a caller may see what belongs to this site; what belongs to no known site only those who see everything. */
export function seesSite(registry: Registry, id: string | undefined, caller: Caller): boolean {
  if (caller.districts === undefined) return true;
  const site = id === undefined ? undefined : registry.sites.get(id);
  return site !== undefined && seesDistrict(caller, site.district);
}

/** What a caller may name, for checks whose messages suggest names: they must not tell of others. */
export function visibleNames(registry: Registry, caller: Caller): Pick<Registry, 'sites' | 'districts'> {
  if (caller.districts === undefined) return registry;
  return {
    sites: new Map([...registry.sites].filter(([, site]) => seesDistrict(caller, site.district))),
    districts: registry.districts.filter(({ id }) => seesDistrict(caller, id)),
  };
}
