/** The faults of a site as laid in time, checked against its plant. */
import { NEUTRAL_SETTINGS, type FaultKind, type FaultSettings } from './faults/fault.ts';
import { FAULT_KINDS } from './faults/index.ts';
import type { LaidFault } from './fault-times.ts';
import type { PlantModel } from './plants/plant-model.ts';
import type { FaultEntry } from './scenario-file.ts';
import { checkName, complain, readDuration, readSpan, type Path, type ScenarioReading } from './scenario-reading.ts';

/** What the settings of a fault may name. */
export interface KnownNames {
  readonly model: PlantModel;
  readonly devices: readonly string[];
  readonly orders: readonly string[];
}

type SettingName = keyof FaultSettings;

function namesFor(setting: SettingName, known: KnownNames): readonly string[] | undefined {
  switch (setting) {
    case 'device':
    case 'devices':
      return known.devices;
    case 'signal':
      return Object.keys(known.model.stack.channels);
    case 'machine':
      return known.model.machines.map(({ id }) => id);
    case 'line':
      return known.model.lines.map(({ id }) => id);
    case 'order':
      return known.orders;
    case 'factor':
    case 'dropC':
    case 'aheadMinutes':
    case 'delayMinutes':
      return undefined;
  }
}

function checkSettings(reading: ScenarioReading, kind: FaultKind, given: Partial<FaultSettings>, place: Place): void {
  for (const setting of kind.needs) {
    if (given[setting] === undefined) complain(reading, place.path, `\`${setting}\` is missing: ${kind.id} needs it`);
  }
  for (const [setting, value] of Object.entries(given) as [SettingName, FaultSettings[SettingName]][]) {
    const path = [...place.path, setting];
    const known = namesFor(setting, place.known);
    const names = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    if (!kind.needs.includes(setting) && kind.defaults[setting] === undefined) {
      complain(reading, path, `\`${setting}\` means nothing to ${kind.id}; take it away`);
    } else if (known !== undefined) {
      for (const name of names) checkName(reading, name, known, path);
    }
  }
}

interface Place {
  readonly path: Path;
  readonly known: KnownNames;
}

function readFault(reading: ScenarioReading, entry: FaultEntry, place: Place): LaidFault | undefined {
  const { fault, from, to, every, ...given } = entry;
  const { path } = place;
  const kind = FAULT_KINDS.find((candidate) => candidate.id === fault);
  if (kind === undefined) {
    checkName(
      reading,
      fault,
      FAULT_KINDS.map(({ id }) => id),
      [...path, 'fault'],
    );
    return undefined;
  }
  const span = readSpan(reading, { from, to }, path);
  const everyMs = every === undefined ? undefined : readDuration(reading, every, [...path, 'every']);
  if (everyMs !== undefined && everyMs < span.toAt - span.fromAt) {
    complain(
      reading,
      [...path, 'every'],
      `\`every\` (${every ?? ''}) is shorter than the fault itself; make it longer`,
    );
  }
  checkSettings(reading, kind, given, place);
  return { kind, settings: { ...NEUTRAL_SETTINGS, ...kind.defaults, ...given }, span, everyMs };
}

export function readFaults(
  reading: ScenarioReading,
  entries: readonly FaultEntry[],
  known: KnownNames,
  path: Path,
): readonly LaidFault[] {
  return entries.flatMap((entry, index) => readFault(reading, entry, { path: [...path, index], known }) ?? []);
}

/** Devices whose reports a fault touches. */
export function devicesOf({ settings }: LaidFault): readonly string[] {
  return settings.devices.length > 0 ? settings.devices : [settings.device];
}
