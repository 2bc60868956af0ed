/** A site of a scenario file to its plant and devices, checked against the type of plant. */
import { REPORT_PERIOD_MS } from '../contracts/report.ts';
import type { DeviceKind } from '../contracts/signals.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import type { LaidFault } from './fault-times.ts';
import { usualEveryMs, type DeviceSetting } from './make-instrument.ts';
import type { Network } from './network.ts';
import { obey, type ImposedOrder, type Obedience } from './obey-orders.ts';
import { plantModel, PLANT_TYPES } from './plants/index.ts';
import type { LimitModel, Plant, PlantModel } from './plants/plant-model.ts';
import { scaledModel } from './plants/scaled-model.ts';
import type { Span } from './plants/span.ts';
import type { FaultPlace, KnownOrder } from './faults/fault-place.ts';
import { readFaults, readLookAlikes, type FaultSite } from './read-faults.ts';
import type { SiteEntry } from './scenario-file.ts';
import {
  checkName,
  complain,
  readDuration,
  readOffset,
  readSpan,
  type Path,
  type ScenarioReading,
} from './scenario-reading.ts';
import { parseTimeOfDay } from './scenario-time.ts';
import { createDevices, deviceKindsOf, type ScenarioDevice } from './site-devices.ts';
import { createPlant, type SitePlan } from './site-plant.ts';

export interface ScenarioSite {
  readonly id: string;
  readonly name: string;
  readonly district: string;
  readonly industry: string;
  readonly grade: SiteEntry['grade'];
  readonly isGuaranteed: boolean;
  readonly location: readonly [number, number] | undefined;
  readonly plant: Plant;
  /** Those of the type of plant and those of the file. */
  readonly limits: readonly LimitModel[];
  readonly caps: NonNullable<SiteEntry['caps']>;
  readonly plans: NonNullable<SiteEntry['plans']>;
  readonly baselines: NonNullable<SiteEntry['baselines']>;
  readonly devices: readonly ScenarioDevice[];
  readonly faults: readonly LaidFault[];
  /** Begin of what its devices have stored when live time begins. */
  readonly backlogFromAt: number;
}

/** What a site may refer to, and what holds for all sites. */
export interface SiteSurroundings {
  readonly districts: readonly string[];
  readonly orders: readonly KnownOrder[];
  readonly imposed: readonly ImposedOrder[];
  readonly network: Network;
  readonly path: Path;
  readonly backlogFromAt: number;
}

const CALIBRATION_MINUTES = 12;

function readCalibration(
  reading: ScenarioReading,
  entry: SiteEntry,
  path: Path,
): { readonly startMinute: number; readonly minutes: number } {
  if (entry.calibration === undefined) {
    // Not at midnight: an hour may lose a quarter, a day must not begin with a hole.
    const startMinute = 60 + Math.floor(reading.random.split(entry.id, 'calibration').uniformAt(0) * 1_200);
    return { startMinute, minutes: CALIBRATION_MINUTES };
  }
  const startMinute = parseTimeOfDay(entry.calibration.at);
  if (Number.isNaN(startMinute)) {
    complain(
      reading,
      [...path, 'calibration', 'at'],
      `saw "${entry.calibration.at}", expected a time of day such as "02:10"`,
    );
  }
  return { startMinute, minutes: entry.calibration.minutes };
}

function readPeriod(reading: ScenarioReading, text: string, spot: Path): number {
  const periodMs = readDuration(reading, text, spot);
  const known = new Set<number>(Object.values(REPORT_PERIOD_MS));
  if (!Number.isNaN(periodMs) && !known.has(periodMs)) {
    complain(reading, spot, `saw "${text}", expected one of ${Object.keys(REPORT_PERIOD_MS).join(', ')}`);
  }
  return periodMs || MINUTE_MS;
}

type Settings = (device: string, kind: DeviceKind) => DeviceSetting;

function readDeviceSettings(reading: ScenarioReading, entry: SiteEntry, path: Path): Settings {
  const given = new Map<string, (kind: DeviceKind) => DeviceSetting>();
  for (const [id, { every, form, means = [] }] of Object.entries(entry.devices ?? {})) {
    const spot = [...path, 'devices', id];
    const everyMs = every === undefined ? undefined : readPeriod(reading, every, [...spot, 'every']);
    const ownMeansMs = means.map((mean, index) => readPeriod(reading, mean, [...spot, 'means', index]));
    ownMeansMs.sort((left, right) => left - right);
    given.set(id, (kind) => ({ everyMs: everyMs ?? usualEveryMs(kind), form: form ?? 'period', ownMeansMs }));
  }
  return (device, kind) => given.get(device)?.(kind) ?? { everyMs: usualEveryMs(kind), form: 'period', ownMeansMs: [] };
}

interface PlannedTimes {
  readonly stops: SitePlan['stops'];
  readonly swaps: SitePlan['swaps'];
  readonly silences: readonly (Span & { readonly device: string })[];
}

/** What is planned or harmless, and in the truth of no rule. */
function readPlannedTimes(reading: ScenarioReading, entry: SiteEntry, model: PlantModel, path: Path): PlannedTimes {
  const machines = model.machines.map(({ id }) => id);
  const lines = model.lines.map(({ id }) => id);
  const devices = deviceKindsOf(model).map(({ id }) => id);
  const stops = (entry.stops ?? []).map((stop, index) => {
    const spot = [...path, 'stops', index];
    checkName(reading, stop.line, lines, [...spot, 'line']);
    return { line: stop.line, ...readSpan(reading, stop, spot) };
  });
  const swaps = (entry.swaps ?? []).map((swap, index) => {
    const spot = [...path, 'swaps', index];
    checkName(reading, swap.off, machines, [...spot, 'off']);
    checkName(reading, swap.on, machines, [...spot, 'on']);
    return { off: swap.off, on: swap.on, ...readSpan(reading, swap, spot) };
  });
  const silences = (entry.silences ?? []).map((silence, index) => {
    const spot = [...path, 'silences', index];
    checkName(reading, silence.device, devices, [...spot, 'device']);
    return { device: silence.device, ...readSpan(reading, silence, spot) };
  });
  for (const id of Object.keys(entry.devices ?? {})) checkName(reading, id, devices, [...path, 'devices', id]);
  return { stops, swaps, silences };
}

function readBacklogFrom(reading: ScenarioReading, entry: SiteEntry, surroundings: SiteSurroundings): number {
  const path = [...surroundings.path, 'backlogFrom'];
  const { backlogFrom } = entry;
  const fromAt = backlogFrom === undefined ? surroundings.backlogFromAt : readOffset(reading, backlogFrom, path);
  if (fromAt < reading.originAt || fromAt > reading.startAt) {
    complain(reading, path, 'the backlog must begin before the start, and at most three local days before its day');
  }
  return fromAt;
}

function readInjections(
  reading: ScenarioReading,
  entry: SiteEntry,
  faultSite: FaultSite,
  path: Path,
): readonly LaidFault[] {
  return [
    ...readFaults(reading, entry.faults ?? [], faultSite, [...path, 'faults']),
    ...readLookAlikes(reading, entry.lookAlikes ?? [], faultSite, [...path, 'lookAlikes']),
  ];
}

const DEFIES: Obedience = { stops: [], reductions: [], closedGates: [] };

function readObedience(
  reading: ScenarioReading,
  entry: SiteEntry,
  known: SiteSurroundings & { readonly industry: string; readonly model: PlantModel },
): Obedience {
  const lines = known.model.lines.map(({ id }) => id);
  for (const key of ['plans', 'baselines'] as const) {
    for (const line of Object.keys(entry[key] ?? {})) checkName(reading, line, lines, [...known.path, key, line]);
  }
  if (entry.obeys !== true) return DEFIES;
  const who = {
    site: entry.id,
    district: entry.district,
    industry: known.industry,
    grade: entry.grade,
    isGuaranteed: entry.guaranteed === true,
    lines,
    plans: entry.plans ?? {},
  };
  return obey(known.imposed, who, reading.random.split(entry.id, 'obedience'));
}

/** `undefined` after a complaint that leaves nothing to go on with. */
export function readSite(
  reading: ScenarioReading,
  entry: SiteEntry,
  surroundings: SiteSurroundings,
): ScenarioSite | undefined {
  const { path, districts, orders, network } = surroundings;
  checkName(reading, entry.district, districts, [...path, 'district']);
  checkName(reading, entry.type, PLANT_TYPES, [...path, 'type']);
  const unscaled = plantModel(entry.type, entry.size ?? 1);
  if (unscaled === undefined) return undefined;
  const model = scaledModel(unscaled, entry.scale ?? 1);
  const devices = deviceKindsOf(model).map(({ id }) => id);
  const limits = [...model.stack.limits, ...(entry.limits ?? [])];
  const place: FaultPlace = { model, limits, orders, minuteOfDay: (at) => reading.time.minuteOfDay(at) };
  const faults = readInjections(reading, entry, { id: entry.id, place, devices }, path);
  const industry = entry.industry ?? model.industry;
  const { stops, swaps, silences } = readPlannedTimes(reading, entry, model, path);
  const obeyed = readObedience(reading, entry, { ...surroundings, industry, model });
  const plant = createPlant(reading, {
    id: entry.id,
    model,
    hours: entry.hours,
    stops: [...stops, ...obeyed.stops],
    reductions: obeyed.reductions,
    closedGates: obeyed.closedGates,
    swaps,
    faults,
  });
  const calibration = readCalibration(reading, entry, path);
  const settingOf = readDeviceSettings(reading, entry, path);
  return {
    id: entry.id,
    name: entry.name,
    district: entry.district,
    industry,
    grade: entry.grade,
    isGuaranteed: entry.guaranteed === true,
    location: entry.location,
    plant,
    limits,
    caps: entry.caps ?? [],
    plans: entry.plans ?? {},
    baselines: entry.baselines ?? {},
    devices: createDevices(reading, { site: entry.id, plant, calibration, faults, silences, settingOf, network }),
    faults,
    backlogFromAt: readBacklogFrom(reading, entry, surroundings),
  };
}
