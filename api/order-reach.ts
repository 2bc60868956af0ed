/** Whom an order reaches, and what of it a caller limited to districts may see and write. */
import type { WireOrder } from '../contracts/order.ts';
import { datedAt, type Registry, type Site } from '../contracts/registry/registry.ts';
import type { Caller } from './caller.ts';
import { seesSite } from './visible-sites.ts';

type Scope = WireOrder['scope'];

const has = <T>(list: readonly T[] | undefined, item: T): boolean => list?.includes(item) ?? false;
const siteOfLine = (line: string): string => line.split('/', 1)[0] ?? '';

/** Whether the scope names this site or a line of it; exemptions are not looked at. */
export function scopeNames(scope: Scope, site: Site, at: number): boolean {
  return (
    has(scope.sites, site.id) ||
    (scope.lines?.some((line) => siteOfLine(line) === site.id) ?? false) ||
    has(scope.districts, site.district) ||
    has(scope.industries, site.industry) ||
    has(scope.grades, datedAt(site.grade, at) ?? 'none')
  );
}

/** A limited caller sees an order that names a site, a line or a whole district of its own. */
export function seesOrder(order: WireOrder, registry: Registry, caller: Caller): boolean {
  const { districts } = caller;
  if (districts === undefined) return true;
  if (order.scope.districts?.some((district) => districts.includes(district)) === true) return true;
  for (const site of registry.sites.values()) {
    // Grades change with time: whoever had one when the order came or has one since may look.
    const grades = site.grade.map(({ value }) => value);
    if (!districts.includes(site.district)) continue;
    if (scopeNames(order.scope, site, 0) || grades.some((grade) => has(order.scope.grades, grade))) return true;
  }
  return false;
}

/** Whether nothing of the scope lies outside the caller's districts: only then may a limited caller write it. */
export function ownsOrder(order: WireOrder, registry: Registry, caller: Caller): boolean {
  const { districts } = caller;
  if (districts === undefined) return true;
  const { sites = [], lines = [], industries = [], grades = [] } = order.scope;
  return (
    industries.length === 0 &&
    grades.length === 0 &&
    (order.scope.districts ?? []).every((district) => districts.includes(district)) &&
    sites.every((site) => seesSite(registry, site, caller)) &&
    lines.every((line) => seesSite(registry, siteOfLine(line), caller))
  );
}

/** The order without the names of sites, lines and districts that the caller may not see. */
export function trimOrder(order: WireOrder, registry: Registry, caller: Caller): WireOrder {
  const { districts } = caller;
  if (districts === undefined) return order;
  const trim = <T extends Scope>(scope: T): T => ({
    ...scope,
    ...(scope.sites && { sites: scope.sites.filter((site) => seesSite(registry, site, caller)) }),
    ...(scope.lines && { lines: scope.lines.filter((line) => seesSite(registry, siteOfLine(line), caller)) }),
    ...(scope.districts && { districts: scope.districts.filter((district) => districts.includes(district)) }),
  });
  return { ...order, scope: trim(order.scope), ...(order.exempt && { exempt: trim(order.exempt) }) };
}
