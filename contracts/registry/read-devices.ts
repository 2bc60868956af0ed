/** Devices of a site, and references to them. */
import type { DeviceKind } from '../signals.ts';
import { at, entriesOf, type Place } from './place.ts';
import { checkUnique, type ReadContext } from './read-context.ts';
import { readDuration } from './read-span.ts';
import type { DeviceEntry, Draft } from './registry-file.ts';
import type { Device } from './registry.ts';

/** The kind of every device of a site that has an id; `undefined` where the kind did not fit the schema. */
export type KnownDevices = ReadonlyMap<string, DeviceKind | undefined>;

/** Longest cadence: the period of a report is a day at most. */
const LONGEST_EVERY_MS = 86_400_000;

export interface ReadDevices {
  readonly devices: ReadonlyMap<string, Device>;
  readonly known: KnownDevices;
}

export function readDevices(
  written: Draft<readonly DeviceEntry[]> | undefined,
  place: Place,
  context: ReadContext,
): ReadDevices {
  const entries = entriesOf(written, place);
  checkUnique(
    entries.map(([{ id }, spot]) => [id, spot]),
    'device',
    context.problems,
  );
  const devices = new Map<string, Device>();
  const known = new Map<string, DeviceKind | undefined>();
  for (const [entry] of entries) {
    if (entry.id !== undefined && !known.has(entry.id)) known.set(entry.id, entry.kind);
  }
  for (const [entry, spot] of entries) {
    const device = readDevice(entry, spot, known, context);
    if (!devices.has(device.id)) devices.set(device.id, device);
  }
  checkParents(entries, known, context);
  return { devices, known };
}

function readDevice(entry: Draft<DeviceEntry>, place: Place, known: KnownDevices, context: ReadContext): Device {
  const { id = '', kind = 'meter', mn, ctRatio } = entry;
  const parent = entry.parent !== undefined && known.has(entry.parent) ? entry.parent : undefined;
  const everyMs = readDuration(entry.every, at(place, 'every'), context, 60_000);
  if (everyMs > LONGEST_EVERY_MS) {
    const message = `\`every\` is ${entry.every ?? ''}, and no report covers more than a day`;
    context.problems.problem(at(place, 'every'), 'duration-invalid', {
      message,
      remedy: 'Give a cadence of P1D at most.',
    });
  }
  return { id, kind, everyMs, mn, parent, ctRatio };
}

/** A problem at `place` unless the site has a device of that id and kind. */
export function checkDevice(
  [id, kind]: readonly [id: string | undefined, kind: DeviceKind],
  place: Place,
  known: KnownDevices,
  context: ReadContext,
): void {
  if (id === undefined) return;
  if (!known.has(id)) {
    const remedy = context.problems.suggest(id, known.keys(), 'List it under the `devices` of this site.');
    context.problems.problem(place, 'reference-unknown', { message: `unknown device \`${id}\``, remedy });
    return;
  }
  const actual = known.get(id);
  if (actual === undefined || actual === kind) return;
  const message = `device \`${id}\` is a ${actual}, expected a ${kind}`;
  context.problems.problem(place, 'device-kind-wrong', {
    message,
    remedy: `Name a ${kind} of this site, or correct the kind of the device.`,
  });
}

function checkParents(
  entries: readonly (readonly [Draft<DeviceEntry>, Place])[],
  known: KnownDevices,
  context: ReadContext,
): void {
  const parents = new Map<string, string>();
  for (const [{ id, kind, parent }, place] of entries) {
    if (parent === undefined) continue;
    if (known.has(parent)) checkDevice([parent, 'meter'], at(place, 'parent'), known, context);
    else reportUnknownParent(parent, at(place, 'parent'), known, context);
    if (kind !== undefined && kind !== 'meter') {
      const message = `a ${kind} has no parent: only meters sum up`;
      context.problems.problem(at(place, 'parent'), 'device-kind-wrong', { message, remedy: 'Remove `parent`.' });
    }
    if (id !== undefined) parents.set(id, parent);
  }
  if (parents.size > 0) reportCycles(entries, parents, context);
}

/**
 * A misspelt parent is a problem. A meter that is not here at all may well exist without reporting (the example of
 * the contract has one): the children then cannot be compared with it, which is worth a warning.
 */
function reportUnknownParent(parent: string, place: Place, known: KnownDevices, { problems }: ReadContext): void {
  const near = problems.findNear(parent, known.keys());
  if (near !== undefined) {
    const message = `unknown device \`${parent}\``;
    problems.problem(place, 'reference-unknown', { message, remedy: `Did you mean \`${near}\`?` });
    return;
  }
  const message = `the parent \`${parent}\` is no device of this site: the sum of its children cannot be checked`;
  problems.warning(place, 'parent-unknown', { message, remedy: 'List it under `devices` once it reports.' });
}

/** Each cycle once, at the first of its meters. */
function reportCycles(
  entries: readonly (readonly [Draft<DeviceEntry>, Place])[],
  parents: ReadonlyMap<string, string>,
  { problems }: ReadContext,
): void {
  const told = new Set<string>();
  for (const [{ id }, place] of entries) {
    const cycle = id === undefined || told.has(id) ? undefined : cycleFrom(id, parents);
    if (cycle === undefined) continue;
    for (const member of cycle) told.add(member);
    const message = `meter \`${cycle[0] ?? ''}\` is its own ancestor: ${[...cycle, cycle[0] ?? ''].join(' → ')}`;
    problems.problem(at(place, 'parent'), 'meter-cycle', {
      message,
      remedy: 'Remove the `parent` of the topmost meter.',
    });
  }
}

/** The ids from `start` back to itself by way of the parents; `undefined` where the way ends, or turns elsewhere. */
function cycleFrom(start: string, parents: ReadonlyMap<string, string>): string[] | undefined {
  const seen = new Set([start]);
  let next = parents.get(start);
  while (next !== undefined && next !== start && !seen.has(next)) {
    seen.add(next);
    next = parents.get(next);
  }
  return next === start ? [...seen] : undefined;
}
