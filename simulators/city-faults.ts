/** Faults strewn over a city: which of them fit a site, when they come, and how strong they are. */
import { HOUR_MS, MINUTE_MS } from '../contracts/time/instant.ts';
import type { CityEntry } from './city-file.ts';
import { settingsOf, STRENGTHS, type FaultKind, type Strength } from './faults/fault.ts';
import { FAULT_KINDS } from './faults/index.ts';
import { createSchedule } from './line-schedule.ts';
import { NO_STACK, type LineModel, type PlantModel } from './plants/plant-model.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { FaultEntry } from './scenario-file.ts';
import type { ScenarioReading } from './scenario-reading.ts';

type Strewn = NonNullable<CityEntry['faults']>;
type Target = Pick<FaultEntry, 'device' | 'signal' | 'machine' | 'line'>;

const DAY_MINUTES = 1_440;
const DEFAULT_DAYS = 60;
/** A line that stands this long is left alone. */
const LONGEST_WAIT_HOURS = 7 * 24;
/** It has to have worked for so long, and to work on for so long, for a fault to show. */
const WARM_MS = 2 * HOUR_MS;
const SHOWING_MS = 3 * HOUR_MS;
/** Between two faults of a site it is healthy for as long as this. */
const HEALTHY_MINUTES = 12 * 60;

const limitedGases = ({ stack }: PlantModel): readonly string[] =>
  Object.keys(stack.gases).filter((gas) =>
    stack.limits.some(({ signal, average }) => signal === gas && average === 'PT1H'),
  );
/** A channel that is far from its detection floor, so that its values have something to say. */
const livelyGases = (model: PlantModel): readonly string[] =>
  limitedGases(model).filter((gas) => {
    const channel = model.stack.channels[gas];
    return (model.stack.gases[gas]?.convertedMgPerM3 ?? 0) > 12 * (channel?.noise ?? Infinity);
  });

const stackOnly = (model: PlantModel): readonly Target[] =>
  model.stack === NO_STACK ? [] : [{ device: model.stack.device }];
const withOxygen = (model: PlantModel): readonly Target[] =>
  model.stack.channels['o2'] === undefined ? [] : stackOnly(model);
const channels = (model: PlantModel): readonly Target[] =>
  livelyGases(model).map((signal) => ({ device: model.stack.device, signal }));
const gases = (model: PlantModel): readonly Target[] => livelyGases(model).map((signal) => ({ signal }));
const productionMeters = ({ machines }: PlantModel): readonly Target[] =>
  machines.filter(({ role }) => role === 'production').map(({ id }) => ({ device: id }));
const totals = ({ total }: PlantModel): readonly Target[] => (total === undefined ? [] : [{ device: total.id }]);
const cameras = ({ lines }: PlantModel): readonly Target[] =>
  lines.flatMap((line) => line.cameras.map((device) => ({ device })));
/** A machine that nobody stands in for. */
const treatments = ({ machines }: PlantModel): readonly Target[] =>
  machines.filter(({ role, stage }) => role === 'treatment' && stage === undefined).map(({ id }) => ({ machine: id }));
const bypasses = ({ stack }: PlantModel): readonly Target[] => (stack.channels['bypass'] === undefined ? [] : [{}]);
const furnaces = ({ stack }: PlantModel): readonly Target[] => (stack.furnace === undefined ? [] : [{}]);
const stackLines = ({ stack }: PlantModel): readonly Target[] => (stack === NO_STACK ? [] : [{ line: stack.line }]);
const probes = ({ stack }: PlantModel): readonly Target[] =>
  stack.sampling === undefined ? [] : [{ device: stack.device, signal: 'probe-temp' }];
const coolers = ({ stack }: PlantModel): readonly Target[] =>
  stack.channels['cooler-temp'] === undefined ? [] : [{ device: stack.device }];
const anyDevice = (model: PlantModel): readonly Target[] => [
  ...stackOnly(model),
  ...productionMeters(model),
  ...cameras(model),
];

/** Where a fault can be laid, by its id. What needs an order, a cap or own means is laid with those, and not strewn. */
const TARGETS: Readonly<Record<string, (model: PlantModel) => readonly Target[]>> = {
  'falsification-backfill': stackOnly,
  'falsification-diluted': withOxygen,
  'falsification-frozen': channels,
  'falsification-interpolated': channels,
  'falsification-load-mismatch': stackLines,
  'falsification-meter': productionMeters,
  'falsification-meter-parent': totals,
  'falsification-meter-phase': productionMeters,
  'falsification-meter-ratio': productionMeters,
  'falsification-oxygen': withOxygen,
  'falsification-oxygen-low': withOxygen,
  'falsification-parameter': channels,
  'falsification-pinned': channels,
  'falsification-replay': stackOnly,
  'falsification-rewritten': channels,
  'falsification-scaled': channels,
  'falsification-smooth': channels,
  'limit-forecast': gases,
  'limit-hour': gases,
  'limit-near': gases,
  'limit-period': furnaces,
  'limit-surge': gases,
  'quality-clock': anyDevice,
  'quality-clock-behind': anyDevice,
  'quality-invalid-hours': stackOnly,
  'quality-offline': anyDevice,
  'quality-sampling': probes,
  'quality-sampling-cooler': coolers,
  'quality-video': cameras,
  'quality-video-occluded': cameras,
  'quality-video-off': cameras,
  'treatment-bypass': bypasses,
  'treatment-idle': treatments,
  'treatment-off': treatments,
};

/** Ids that can be strewn, in the order of the list. */
const STREWABLE: readonly string[] = Object.keys(TARGETS);

interface Choice {
  readonly kind: FaultKind;
  readonly targets: readonly Target[];
}

function choicesFor(model: PlantModel, { kinds }: Strewn): readonly Choice[] {
  return (kinds ?? STREWABLE).flatMap((id) => {
    const kind = FAULT_KINDS.find((candidate) => candidate.id === id);
    const targets = TARGETS[id]?.(model) ?? [];
    return kind === undefined || targets.length === 0 ? [] : [{ kind, targets }];
  });
}

function pick<Item>(items: readonly Item[], share: number): Item | undefined {
  return items[Math.floor(share * items.length)];
}

/** Rules about hours and tens of minutes judge whole ones: a fault is laid to the begin of an hour. */
function fromText(hours: number): string {
  if (hours === 0) return 'hour';
  return hours < 0 ? `hour-PT${-hours}H` : `hour+PT${hours}H`;
}

/** The line that has to work for a fault to show; `undefined` = it shows at any time. */
function lineOfTarget({ machines, stack, lines }: PlantModel, kind: FaultKind, target: Target): LineModel | undefined {
  if (kind.rule.startsWith('quality.')) return undefined;
  const machine = machines.find(({ id }) => id === target.machine || id === target.device);
  const id = target.line ?? machine?.line ?? (stack === NO_STACK ? lines[0]?.id : stack.line);
  return lines.find((line) => line.id === id);
}

/** A site to strew faults over. */
export interface Field {
  readonly id: string;
  readonly model: PlantModel;
  readonly reading: ScenarioReading;
  /** How far before the start faults may begin. */
  readonly backlogMs: number;
  /** The site's own. */
  readonly random: RandomStream;
}

function runsThrough(line: LineModel, { id, reading }: Field): (fromAt: number, toAt: number) => boolean {
  const random = reading.random.split(id, 'schedule', line.id);
  const schedule = createSchedule(reading, line, random, { hours: undefined, stops: [] });
  return (fromAt, toAt) => schedule(fromAt).some((run) => run.fromAt <= fromAt && run.toAt >= toAt);
}

/** The first hour from `hours` on, counted from the hour of the start, in which the line works for a while. */
function workingHour(line: LineModel, field: Field, hours: number): number | undefined {
  const runs = runsThrough(line, field);
  const hourAt = field.reading.time.hourStart(field.reading.startAt);
  for (let candidate = hours; candidate < hours + LONGEST_WAIT_HOURS; candidate += 1) {
    const fromAt = hourAt + candidate * HOUR_MS;
    if (runs(fromAt - WARM_MS, fromAt + SHOWING_MS)) return candidate;
  }
  return undefined;
}

function lay(field: Field, { kind, targets }: Choice, strength: Strength, at: Throw): FaultEntry | undefined {
  const target = pick(targets, at.luck);
  if (target === undefined) return undefined;
  const line = lineOfTarget(field.model, kind, target);
  const hours = line === undefined ? at.hours : workingHour(line, field, at.hours);
  return hours === undefined ? undefined : { fault: kind.id, strength, from: fromText(hours), ...target };
}

interface Throw {
  readonly hours: number;
  readonly luck: number;
}

/** The faults of one site: one after the other, with healthy time between them. */
export function strewFaults(field: Field, strewn: Strewn): readonly FaultEntry[] {
  const choices = choicesFor(field.model, strewn);
  if (choices.length === 0 || strewn.per100SiteDays === 0) return [];
  const meanGapMinutes = (DAY_MINUTES * 100) / strewn.per100SiteDays;
  const lastMinute = (strewn.days ?? DEFAULT_DAYS) * DAY_MINUTES;
  const entries: FaultEntry[] = [];
  let minute = -field.backlogMs / MINUTE_MS;
  for (let index = 0; ; index += 1) {
    const luck = field.random.split('fault', index);
    minute += -meanGapMinutes * Math.log(1 - luck.uniformAt(0));
    if (minute > lastMinute) return entries;
    const strength = pick(strewn.strengths ?? STRENGTHS, luck.uniformAt(1)) ?? 'middle';
    const choice = pick(choices, luck.uniformAt(2));
    if (choice === undefined) continue;
    const entry = lay(field, choice, strength, { hours: Math.ceil(minute / 60), luck: luck.uniformAt(3) });
    if (entry !== undefined) entries.push(entry);
    minute += (settingsOf(choice.kind, strength).minutes ?? 0) + HEALTHY_MINUTES;
  }
}
