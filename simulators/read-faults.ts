/** The faults and look-alikes of a site as laid in time, checked against its plant. */
import type { LaidFault } from './fault-times.ts';
import type { FaultPlace } from './faults/fault-place.ts';
import { NEUTRAL_SETTINGS, settingsOf, type FaultSettings, type InjectionKind, type Strength } from './faults/fault.ts';
import { FAULT_KINDS } from './faults/index.ts';
import { LOOK_ALIKE_KINDS } from './look-alikes/index.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import type { Span } from './plants/span.ts';
import type { FaultEntry, LookAlikeEntry } from './scenario-file.ts';
import {
  checkName,
  complain,
  readDuration,
  readOffset,
  readSpan,
  type Path,
  type ScenarioReading,
} from './scenario-reading.ts';

/** Where faults are laid: what they may name and know. */
export interface FaultSite {
  readonly id: string;
  readonly place: FaultPlace;
  readonly devices: readonly string[];
}

type SettingName = keyof FaultSettings;

function namesFor(setting: SettingName, { place, devices }: FaultSite): readonly string[] | undefined {
  switch (setting) {
    case 'device':
    case 'devices':
      return devices;
    case 'signal':
      return Object.keys(place.model.stack.channels);
    case 'machine':
    case 'spare':
      return place.model.machines.map(({ id }) => id);
    case 'line':
      return place.model.lines.map(({ id }) => id);
    case 'order':
      return place.orders.map(({ id }) => id);
    default:
      return undefined;
  }
}

/** Settings that a scenario may give: those that are needed, and those that have a value of their own. */
function settingNames(kind: InjectionKind): readonly string[] {
  const own = kind.rule === null ? [kind.defaults] : Object.values(kind.strengths);
  return [...new Set([...kind.needs, ...own.flatMap((values) => Object.keys(values)), ...(kind.may ?? [])])];
}

function checkSettings(reading: ScenarioReading, laid: Laying, site: FaultSite): void {
  const { kind, given, path } = laid;
  const known = settingNames(kind);
  for (const setting of kind.needs) {
    if (given[setting] === undefined) complain(reading, path, `\`${setting}\` is missing: ${kind.id} needs it`);
  }
  for (const [setting, value] of Object.entries(given) as [SettingName, FaultSettings[SettingName]][]) {
    const spot = [...path, setting];
    const names = namesFor(setting, site);
    if (!known.includes(setting)) {
      complain(reading, spot, `\`${setting}\` means nothing to ${kind.id}; take it away`);
    } else if (names !== undefined) {
      const written = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
      for (const name of written) checkName(reading, name, names, spot);
    }
  }
}

/** An entry of the file, with what it names found. */
interface Laying {
  readonly kind: InjectionKind;
  readonly strength: Strength | null;
  readonly given: Partial<FaultSettings>;
  readonly from: string;
  readonly to: string | undefined;
  readonly every: string | undefined;
  readonly path: Path;
}

/** From `from` to `to`, or as long as the fault says itself. */
function readLength(reading: ScenarioReading, { from, to, path, kind }: Laying, settings: FaultSettings): Span {
  if (to !== undefined) return readSpan(reading, { from, to }, path);
  const fromAt = readOffset(reading, from, [...path, 'from']);
  if (settings.minutes <= 0) {
    complain(reading, path, `\`to\` is missing: ${kind.id} has no length of its own`);
  }
  return { fromAt, toAt: fromAt + settings.minutes * MINUTE_MS };
}

function lay(reading: ScenarioReading, laying: Laying, site: FaultSite): LaidFault {
  const { kind, strength, given, every, path } = laying;
  const settings = { ...NEUTRAL_SETTINGS, ...settingsOf(kind, strength ?? 'middle'), ...given };
  const span = readLength(reading, laying, settings);
  const everyMs = every === undefined ? undefined : readDuration(reading, every, [...path, 'every']);
  if (everyMs !== undefined && everyMs < span.toAt - span.fromAt) {
    const spot = [...path, 'every'];
    complain(reading, spot, `\`every\` (${every ?? ''}) is shorter than the fault itself; make it longer`);
  }
  checkSettings(reading, laying, site);
  const random = reading.random.split(site.id, kind.id, path.at(-1) ?? 0);
  return { kind, strength, settings, span, everyMs, place: site.place, random };
}

function findKind<Kind extends InjectionKind>(
  reading: ScenarioReading,
  id: string,
  kinds: readonly Kind[],
  path: Path,
): Kind | undefined {
  const kind = kinds.find((candidate) => candidate.id === id);
  if (kind === undefined) {
    checkName(
      reading,
      id,
      kinds.map((candidate) => candidate.id),
      path,
    );
  }
  return kind;
}

export function readFaults(
  reading: ScenarioReading,
  entries: readonly FaultEntry[],
  site: FaultSite,
  path: Path,
): readonly LaidFault[] {
  return entries.flatMap(({ fault, strength = 'middle', from, to, every, ...given }, index) => {
    const spot = [...path, index];
    const kind = findKind(reading, fault, FAULT_KINDS, [...spot, 'fault']);
    return kind === undefined ? [] : lay(reading, { kind, strength, given, from, to, every, path: spot }, site);
  });
}

export function readLookAlikes(
  reading: ScenarioReading,
  entries: readonly LookAlikeEntry[],
  site: FaultSite,
  path: Path,
): readonly LaidFault[] {
  return entries.flatMap(({ lookAlike, from, to, every, ...given }, index) => {
    const spot = [...path, index];
    const kind = findKind(reading, lookAlike, LOOK_ALIKE_KINDS, [...spot, 'lookAlike']);
    return kind === undefined ? [] : lay(reading, { kind, strength: null, given, from, to, every, path: spot }, site);
  });
}

/** Devices whose reports a fault touches. */
export function devicesOf({ settings }: LaidFault): readonly string[] {
  return settings.devices.length > 0 ? settings.devices : [settings.device];
}
