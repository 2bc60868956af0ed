/** One site with everything that belongs to it. */
import { at, entriesOf, type Place } from './place.ts';
import { checkUnique, type ReadContext } from './read-context.ts';
import { readDated } from './read-dated.ts';
import { readDevices } from './read-devices.ts';
import { readLine } from './read-line.ts';
import { readOutlet } from './read-outlet.ts';
import type { Draft, SiteEntry } from './registry-file.ts';
import type { Site } from './registry.ts';

/**
 * A site as far as it can be read; every problem is in the list of the context, and only where that stays empty is
 * the site complete.
 */
export function readSite(entry: Draft<SiteEntry>, place: Place, context: ReadContext): Site {
  checkDistrict(entry.district, at(place, 'district'), context);
  const { devices, known } = readDevices(entry.devices, at(place, 'devices'), context);
  const outlets = entriesOf(entry.outlets, at(place, 'outlets'));
  const lines = entriesOf(entry.lines, at(place, 'lines'));
  checkUnique(
    outlets.map(([{ id }, spot]) => [id, spot]),
    'outlet',
    context.problems,
  );
  checkUnique(
    lines.map(([{ id }, spot]) => [id, spot]),
    'line',
    context.problems,
  );
  const parts = { devices: known, outlets: new Set(outlets.flatMap(([{ id }]) => id ?? [])) };
  return {
    id: entry.id ?? '',
    name: entry.name ?? '',
    district: entry.district ?? '',
    industry: entry.industry ?? '',
    grade: readDated(entry.grade ?? 'none', at(place, 'grade'), context, 'warn'),
    positiveList: readDated(entry.positiveList, at(place, 'positiveList'), context, 'fine'),
    guaranteed: readDated(entry.guaranteed, at(place, 'guaranteed'), context, 'fine'),
    permit: entry.permit,
    contacts: readContacts(entry),
    location: entry.location,
    devices,
    outlets: outlets.map(([outlet, spot]) => readOutlet(outlet, spot, known, context)),
    lines: lines.map(([line, spot]) => readLine(line, spot, parts, context)),
    rules: readRules(entry.rules),
  };
}

function checkDistrict(id: string | undefined, place: Place, { districts, incomplete, problems }: ReadContext): void {
  if (id === undefined || incomplete || districts.has(id)) return;
  const remedy = problems.suggest(id, districts, 'List it under `districts`.');
  problems.problem(place, 'reference-unknown', { message: `unknown district \`${id}\``, remedy });
}

function readContacts({ contacts = [] }: Draft<SiteEntry>): Site['contacts'] {
  return contacts.flatMap((contact) => {
    if (contact?.name === undefined) return [];
    return [contact.phone === undefined ? { name: contact.name } : { name: contact.name, phone: contact.phone }];
  });
}

function readRules(written: Draft<SiteEntry>['rules']): Site['rules'] {
  const rules: Record<string, Record<string, number>> = {};
  for (const [rule, parameters] of Object.entries(written ?? {})) {
    const kept: Record<string, number> = {};
    for (const [name, value] of Object.entries(parameters ?? {})) if (value !== undefined) kept[name] = value;
    rules[rule] = kept;
  }
  return rules;
}
