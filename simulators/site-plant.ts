/** The plant of a site: its model with the runs, the faults and the luck of this scenario. */
import { DAY_MS, MINUTE_MS } from '../contracts/time/instant.ts';
import { occurrenceAt, occurrencesIn, type LaidFault } from './fault-times.ts';
import { createPlantMemory } from './plants/plant-memory.ts';
import { UNDISTURBED, type Conditions, type LineModel, type Plant, type PlantModel } from './plants/plant-model.ts';
import { contains, containsAny, subtract, type Span } from './plants/span.ts';
import { createSchedule } from './line-schedule.ts';
import type { PlannedStop, Reduction } from './planned-work.ts';
import type { ScenarioReading } from './scenario-reading.ts';

/** How far ahead what comes again is laid out; a demonstration is started again before that. */
const HORIZON_DAYS = 400;
/** Two machines that stand in for each other overlap, as an operator would have it. */
const SWAP_OVERLAP_MS = 3 * MINUTE_MS;

/** A spare is put in for the machine that is on duty. */
export interface Swap extends Span {
  readonly off: string;
  readonly on: string;
}

export interface SitePlan {
  readonly id: string;
  readonly model: PlantModel;
  /** Local hours of the first line instead of those of its model. */
  readonly hours: readonly [number, number] | undefined;
  readonly stops: readonly PlannedStop[];
  readonly reductions: readonly Reduction[];
  readonly closedGates: readonly Span[];
  readonly swaps: readonly Swap[];
  readonly faults: readonly LaidFault[];
}

function runsOf(reading: ScenarioReading, plan: SitePlan, line: LineModel): (at: number) => readonly Span[] {
  const horizon = { fromAt: reading.originAt - DAY_MS, toAt: reading.startAt + HORIZON_DAYS * DAY_MS };
  const own = plan.faults.filter(({ settings }) => settings.line === line.id);
  const disobeyed = own
    .filter(({ kind }) => kind.keepsRunning === true)
    .flatMap((fault) => occurrencesIn(fault, horizon));
  const standstills = own
    .filter(({ kind }) => kind.standsStill === true)
    .flatMap((fault) => occurrencesIn(fault, horizon));
  const planned = plan.stops.filter((stop) => stop.line === line.id);
  const isFirst = plan.model.lines[0]?.id === line.id;
  return createSchedule(reading, line, reading.random.split(plan.id, 'schedule', line.id), {
    hours: isFirst ? plan.hours : undefined,
    stops: [...subtract(planned, disobeyed), ...standstills],
  });
}

function swapped(swap: Swap, conditions: Conditions, at: number): Conditions {
  const lead: Span = { fromAt: swap.fromAt - SWAP_OVERLAP_MS, toAt: swap.toAt + SWAP_OVERLAP_MS };
  const machinesOn = contains(lead, at) ? [...conditions.machinesOn, swap.on] : conditions.machinesOn;
  const machinesOff = contains(swap, at) ? [...conditions.machinesOff, swap.off] : conditions.machinesOff;
  return { ...conditions, machinesOn, machinesOff };
}

/** What the firm itself does: spares, and less work where an order asks for it. */
function plannedConditions(plan: SitePlan, at: number): Conditions {
  let conditions = UNDISTURBED;
  for (const swap of plan.swaps) conditions = swapped(swap, conditions, at);
  for (const reduction of plan.reductions) {
    if (!contains(reduction, at)) continue;
    const { line, factor } = reduction;
    const least = Math.min(factor, conditions.lineFactors[line] ?? 1);
    conditions = { ...conditions, lineFactors: { ...conditions.lineFactors, [line]: least } };
  }
  return containsAny(plan.closedGates, at) ? { ...conditions, truckFactor: 0 } : conditions;
}

export function createPlant(reading: ScenarioReading, plan: SitePlan): Plant {
  const disturbing = plan.faults.filter(({ kind }) => kind.disturb !== undefined);
  const runs = new Map(plan.model.lines.map((line) => [line.id, runsOf(reading, plan, line)]));
  const isCalm = disturbing.length + plan.swaps.length + plan.reductions.length + plan.closedGates.length === 0;
  const random = reading.random.split(plan.id, 'plant');
  let keptOf = Number.NaN;
  let kept = UNDISTURBED;
  const computed = (at: number): Conditions => {
    let conditions = plannedConditions(plan, at);
    for (const fault of disturbing) {
      const span = occurrenceAt(fault, at);
      if (span === undefined) continue;
      const { kind, settings, place, random } = fault;
      conditions = kind.disturb?.(conditions, { settings, place, random, span, at }) ?? conditions;
    }
    return conditions;
  };
  // Every machine asks for the same instants.
  const conditionsAt = (at: number): Conditions => {
    if (isCalm || keptOf === at) return kept;
    kept = computed(at);
    keptOf = at;
    return kept;
  };
  return {
    model: plan.model,
    random,
    memory: createPlantMemory(plan.model, random),
    minuteOfDay: (at) => reading.time.minuteOfDay(at),
    weatherAt: reading.weatherAt,
    runsAt: (line, at) => runs.get(line)?.(at) ?? [],
    conditionsAt,
  };
}
