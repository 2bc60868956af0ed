/** Whether what an order names exists, and whether naming it has any effect. */
import type { Order, OrderScope } from '../order.ts';
import { nearestName } from './nearest-name.ts';
import type { EntryProblem } from './problem.ts';
import type { Dated, Line, Registry, Site } from './registry.ts';

export type RegistryNames = Pick<Registry, 'sites' | 'districts'>;

/** Looks for a near name; readers of many orders hand in one that tires. */
export type FindNear = typeof nearestName;

/** A reference that leads nowhere. */
export interface Missing {
  readonly what: 'site' | 'line' | 'district' | 'outlet' | 'device';
  readonly name: string;
  readonly path: EntryProblem['path'];
  readonly known: Iterable<string>;
}

/** Every site, line and district that an order names and the registry does not have. Empty = all is known. */
export function checkOrderReferences(
  order: Order,
  registry: RegistryNames,
  findNear: FindNear = nearestName,
): readonly EntryProblem[] {
  return findMissing(order, registry).map((missing) => reportMissing(missing, findNear));
}

function findMissing(order: Order, { sites, districts }: RegistryNames): Missing[] {
  const known = new Set(districts.map(({ id }) => id));
  const found: Missing[] = [];
  for (const part of ['scope', 'exempt'] as const) {
    for (const [index, name] of order[part].sites.entries()) {
      if (name !== '' && !sites.has(name))
        found.push({ what: 'site', name, path: [part, 'sites', index], known: sites.keys() });
    }
    for (const [index, name] of order[part].districts.entries()) {
      if (name !== '' && !known.has(name))
        found.push({ what: 'district', name, path: [part, 'districts', index], known });
    }
    for (const [index, name] of order[part].lines.entries()) {
      if (name !== '') found.push(...missingLine(name, [part, 'lines', index], sites));
    }
  }
  return found;
}

function missingLine(name: string, path: EntryProblem['path'], sites: RegistryNames['sites']): Missing[] {
  const [siteId = '', lineId = ''] = name.split('/');
  const site = sites.get(siteId);
  if (site === undefined) return [{ what: 'site', name: siteId, path, known: sites.keys() }];
  if (site.lines.some(({ id }) => id === lineId)) return [];
  return [{ what: 'line', name, path, known: site.lines.map(({ id }) => `${siteId}/${id}`) }];
}

export function reportMissing({ what, name, path, known }: Missing, findNear: FindNear): EntryProblem {
  const near = findNear(name, known);
  const remedy =
    near === undefined
      ? `Name ${what === 'outlet' ? 'an' : 'a'} ${what} of the registry.`
      : `Did you mean \`${near}\`?`;
  return { path, code: 'reference-unknown', message: `unknown ${what} \`${name}\``, remedy };
}

/**
 * What is allowed and yet is probably not meant: an order that reaches nobody, an industry without a site, and a
 * site or line that is named although it is exempt (`exempt` always wins).
 */
export function findIdleOrderParts(order: Order, registry: RegistryNames): readonly EntryProblem[] {
  if (Object.values(order.scope).every((list: readonly string[]) => list.length === 0)) {
    const message = '`scope` is empty: the order reaches nobody';
    return [
      { path: ['scope'], code: 'order-empty', message, remedy: 'Name sites, lines, industries, grades or districts.' },
    ];
  }
  return [...idleIndustries(order, registry), ...exemptNames(order, registry)];
}

function idleIndustries(order: Order, { sites }: RegistryNames): EntryProblem[] {
  const isKnown = (industry: string): boolean => {
    // Ends at the first site: a year's orders times ten thousand sites would be felt.
    for (const site of sites.values()) if (site.industry === industry) return true;
    return false;
  };
  return order.scope.industries.flatMap((industry, index) => {
    if (industry === '' || isKnown(industry)) return [];
    const near = nearestName(industry, new Set([...sites.values()].map((site) => site.industry)));
    const remedy = near === undefined ? 'Use the word that the sites use.' : `Did you mean \`${near}\`?`;
    const message = `no site is of industry \`${industry}\``;
    return [{ path: ['scope', 'industries', index], code: 'order-industry' as const, message, remedy }];
  });
}

function exemptNames(order: Order, { sites }: RegistryNames): EntryProblem[] {
  const found: EntryProblem[] = [];
  const look = (path: EntryProblem['path'], site: Site | undefined, line: Line | undefined): void => {
    const reason = site === undefined ? undefined : exemptReason(order, site, line);
    if (site === undefined || reason === undefined) return;
    const message = `\`${site.id}${line === undefined ? '' : `/${line.id}`}\` is named, and it is exempt: ${reason}`;
    found.push({
      path,
      code: 'order-names-exempt',
      message,
      remedy: 'Exempt always wins: remove the one or the other.',
    });
  };
  for (const [index, id] of order.scope.sites.entries()) look(['scope', 'sites', index], sites.get(id), undefined);
  for (const [index, name] of order.scope.lines.entries()) {
    const [siteId = '', lineId = ''] = name.split('/');
    const site = sites.get(siteId);
    const line = site?.lines.find(({ id }) => id === lineId);
    if (line !== undefined) look(['scope', 'lines', index], site, line);
  }
  return found;
}

/** Why a site or line is exempt at some time of the order; `undefined` where it never is. */
function exemptReason({ exempt, fromAt, toAt }: Order, site: Site, line: Line | undefined): string | undefined {
  const during = <T>(list: readonly Dated<T>[]): T[] =>
    list.filter((entry) => entry.fromAt < toAt && entry.toAt > fromAt).map(({ value }) => value);
  const names: OrderScope = exempt;
  if (names.sites.includes(site.id)) return 'its site stands in `exempt.sites`';
  if (line !== undefined && names.lines.includes(`${site.id}/${line.id}`)) return 'it stands in `exempt.lines`';
  if (names.industries.includes(site.industry)) return `its industry ${site.industry} is`;
  if (names.districts.includes(site.district)) return `its district ${site.district} is`;
  const grade = during(site.grade).find((value) => names.grades.includes(value));
  if (grade !== undefined) return `its grade ${grade} is`;
  const statuses = line === undefined ? site.guaranteed : [...site.guaranteed, ...line.guaranteed];
  return exempt.guaranteed && during(statuses).includes(true) ? 'it serves the livelihood (`guaranteed`)' : undefined;
}
