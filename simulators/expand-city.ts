/** A city from a seed: sites as a scenario file could have written them out. The same seed gives the same city. */
import type { CityEntry } from './city-file.ts';
import { strewFaults } from './city-faults.ts';
import { firmName, locationIn } from './city-names.ts';
import { baselinesFor, plansFor } from './city-plans.ts';
import { isMeant, measureOf, type ImposedOrder } from './obey-orders.ts';
import { metersOfWorkshop, plantModel, STACK_MODELS, WORKSHOP_TYPES } from './plants/index.ts';
import type { PlantModel } from './plants/plant-model.ts';
import type { RandomStream } from './plants/random-stream.ts';
import { scaledModel } from './plants/scaled-model.ts';
import type { ScenarioReading } from './scenario-reading.ts';
import type { FaultEntry, SiteEntry } from './scenario-file.ts';

export interface CitySurroundings {
  readonly districts: readonly string[];
  readonly orders: readonly ImposedOrder[];
  /** As the file wrote them, by id. */
  readonly orderTimes: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
  readonly backlogMs: number;
  readonly reading: ScenarioReading;
}

type Grade = NonNullable<SiteEntry['grade']>;

type City = Required<Omit<CityEntry, 'faults'>> & Pick<CityEntry, 'faults'>;

/** What holds where the scenario does not say. `types`: how common each is among the sites of its kind. */
const USUAL: City = {
  cems: 0,
  cameras: 0,
  meters: 0,
  types: {
    cement: 8,
    'coal-boiler': 14,
    'gas-boiler': 24,
    'gas-turbine': 3,
    glass: 4,
    incinerator: 3,
    'paint-shop': 17,
    refractory: 22,
    sinter: 5,
    ...Object.fromEntries(WORKSHOP_TYPES.map((type) => [type, 1])),
  },
  metersPerSite: [12, 24],
  gates: 0.15,
  grades: { A: 3, B: 12, C: 38, D: 24, leading: 5, none: 18 },
  guaranteed: 0.03,
  obeys: 0.97,
  baselines: 0.5,
  ownMeans: 0.2,
  instants: 0.15,
};
const MOST_LINES = 8;
/** Types that heat homes or burn what would pile up: they are guaranteed more often than others. */
const NEEDED = new Set(['coal-boiler', 'gas-boiler', 'incinerator', 'gas-turbine']);

/** One of the names, by its weight. */
function weighted(weights: Readonly<Record<string, number>>, share: number): string {
  const entries = Object.entries(weights);
  let rest = share * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return entries.at(-1)?.[0] ?? '';
}

interface Plot {
  readonly type: string;
  readonly size: number;
  /** Of all sites of the city. */
  readonly number: number;
  readonly random: RandomStream;
}

/** Lines of a workshop that make about so many meters. */
function linesFor(type: string, meters: number): number {
  const perLine = metersOfWorkshop(type, 1) - 1;
  return Math.min(MOST_LINES, Math.max(1, Math.round((meters - 1) / Math.max(1, perLine))));
}

/** Weights of the types of one kind, those of the scenario where it names any of them. */
function weightsOf(city: City, types: readonly string[]): Readonly<Record<string, number>> {
  const among = (weights: City['types']): readonly [string, number][] =>
    Object.entries(weights).filter(([type]) => types.includes(type));
  const given = among(city.types);
  return Object.fromEntries(given.length === 0 ? among(USUAL.types) : given);
}

type TypeOf = (luck: RandomStream) => Pick<Plot, 'type' | 'size'>;

function* plotsOf(city: City, random: RandomStream): Generator<Plot> {
  const stacks = weightsOf(
    city,
    STACK_MODELS.map(({ type }) => type),
  );
  const workshops = weightsOf(city, WORKSHOP_TYPES);
  const [fewest, most] = city.metersPerSite;
  const stackOf: TypeOf = (luck) => ({ type: weighted(stacks, luck.uniformAt(0)), size: 1 });
  const workshopOf: TypeOf = (luck) => {
    const type = weighted(workshops, luck.uniformAt(0));
    return { type, size: linesFor(type, fewest + (most - fewest) * luck.uniformAt(1)) };
  };
  const yardOf: TypeOf = (luck) => ({ type: luck.uniformAt(0) < city.gates ? 'gated-yard' : 'yard', size: 1 });
  const kinds = [
    { name: 'cems', count: city.cems, typeOf: stackOf },
    { name: 'meters', count: city.meters, typeOf: workshopOf },
    { name: 'cameras', count: city.cameras, typeOf: yardOf },
  ];
  let number = 0;
  for (const { name, count, typeOf } of kinds) {
    for (let index = 0; index < count; index += 1) {
      const luck = random.split(name, index);
      yield { ...typeOf(luck), number, random: luck };
      number += 1;
    }
  }
}

/** Cadence and form of what a stack monitor sends. */
function devicesFor(model: PlantModel, city: City, random: RandomStream): Pick<SiteEntry, 'devices'> {
  if (model.stack.device === '') return {};
  const form = random.uniformAt(10) < city.instants ? ('instant' as const) : ('period' as const);
  const means = random.uniformAt(11) < city.ownMeans ? { means: ['PT1H' as const] } : {};
  return { devices: { [model.stack.device]: { form, ...means } } };
}

/** Lines of a firm that goes on as if there were no order. */
function disobedience(entry: SiteEntry, model: PlantModel, around: CitySurroundings): readonly FaultEntry[] {
  const who = {
    site: entry.id,
    district: entry.district,
    industry: entry.industry ?? model.industry,
    grade: entry.grade,
    isGuaranteed: entry.guaranteed === true,
    lines: model.lines.map(({ id }) => id),
    plans: entry.plans ?? {},
  };
  const metered = model.lines.filter(({ id }) => model.machines.some(({ line }) => line === id));
  return around.orders.flatMap(({ wire }) => {
    const times = around.orderTimes.get(wire.id);
    return metered.flatMap(({ id: line, dailyHours }): readonly FaultEntry[] => {
      const measure = isMeant(wire, who, line) ? measureOf(wire, who.plans, line) : undefined;
      if (measure === undefined || measure.kind === 'no-trucks' || times === undefined) return [];
      if (measure.kind === 'reduce')
        return [{ fault: 'order-limit', strength: 'strong', line, order: wire.id, ...times }];
      // A line that stands at night starts again in the order, each morning.
      const fault = dailyHours === undefined ? 'order-shutdown' : 'order-early-restart';
      return [{ fault, line, order: wire.id, ...times }];
    });
  });
}

function baselinesOf(model: PlantModel, city: City, random: RandomStream): Pick<SiteEntry, 'baselines'> {
  if (random.uniformAt(6) >= city.baselines) return {};
  const filed = baselinesFor(model, 0.98 + 0.1 * random.uniformAt(7));
  return Object.keys(filed).length === 0 ? {} : { baselines: filed };
}

function healthySite({ type, size, number, random }: Plot, city: City, districts: readonly string[]): Healthy {
  const district = Math.floor(random.uniformAt(2) * districts.length);
  const grade = weighted(city.grades, random.uniformAt(3)) as Grade;
  const scale = Math.round((0.7 + 0.5 * random.uniformAt(4)) * 100) / 100;
  const isGuaranteed = random.uniformAt(5) < city.guaranteed * (NEEDED.has(type) ? 5 : 1);
  const unscaled = plantModel(type, size);
  if (unscaled === undefined) throw new TypeError(`the city has a site of the unknown type ${type}`);
  const model = scaledModel(unscaled, scale);
  const entry: SiteEntry = {
    id: `${type}-${String(number + 1).padStart(4, '0')}`,
    name: firmName(type, number),
    type,
    size,
    scale,
    district: districts[district] ?? '',
    grade,
    guaranteed: isGuaranteed,
    location: locationIn(district, districts.length, random.split('place'), number),
    obeys: true,
    plans: plansFor(model, grade),
    ...baselinesOf(model, city, random),
    ...devicesFor(model, city, random),
  };
  return { entry, model };
}

interface Healthy {
  readonly entry: SiteEntry;
  readonly model: PlantModel;
}

/** The sites of a city: first those with stack monitors, then those with meters, then those with cameras. */
export function* expandCity(given: CityEntry, around: CitySurroundings): Generator<SiteEntry> {
  const city = { ...USUAL, ...given };
  for (const plot of plotsOf(city, around.reading.random.split('city'))) {
    const { entry, model } = healthySite(plot, city, around.districts);
    const { random } = plot;
    const { reading, backlogMs } = around;
    const field = { id: entry.id, model, reading, backlogMs, random };
    const strewn = city.faults === undefined ? [] : strewFaults(field, city.faults);
    const defies = random.uniformAt(8) < city.obeys ? [] : disobedience(entry, model, around);
    yield { ...entry, faults: [...defies, ...strewn] };
  }
}
