/**
 * The flue gas in the stack as it truly is: load drives fuel, fuel and air make oxygen and flow, and the pollutants
 * are held per unit of fuel, so that their converted values stay put while air leaks in.
 *
 * Converted = measured × (21 − reference) / (21 − O₂) (HJ 212-2017 annex D); here read backwards.
 */
import { lineActivityAt, loadPercentAt } from './line-load.ts';
import type { Activity } from './activity.ts';
import {
  lineOf,
  type Conditions,
  type FurnaceModel,
  type GasModel,
  type Plant,
  type SamplingModel,
} from './plant-model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AIR_O2_PERCENT = 20.9;
const OUTSIDE_C = 18;
/** Draught through a stack whose fans stand still. */
const DRAUGHT_SHARE = 0.04;
/** Share of the flow that fans move without a fire under them. */
const COLD_FAN_SHARE = 0.3;

/** Oxygen falls from that of air as a fire grows, and is back at it minutes after the fire is out. */
function oxygenPercentAt(plant: Plant, at: number): number {
  const { stack } = plant.model;
  const activity = lineActivityAt(plant, stack.line, at);
  if (activity.endsAt === -Infinity) return AIR_O2_PERCENT;
  const run = runningOxygen(plant, Math.min(at, activity.endsAt - 1));
  if (activity.phase === 'stopped') {
    const gone = Math.exp(-(at - activity.endsAt) / (4 * MINUTE_MS));
    return AIR_O2_PERCENT - (AIR_O2_PERCENT - run) * gone;
  }
  const lit = 1 - Math.exp(-(at - activity.startedAt) / (lineOf(plant, stack.line).startUpMs / 4));
  return AIR_O2_PERCENT - (AIR_O2_PERCENT - run) * lit;
}

/** How far a reversal of the fire has gone at an instant, 0 to 1; it takes its time to reach the stack and to leave it. */
function reversalShare({ model: { stack }, random }: Plant, at: number): number {
  if (stack.reversal === undefined) return 0;
  const { everyMinutes, minutes } = stack.reversal;
  const offsetMs = random.split('reversal').uniformAt(0) * everyMinutes * MINUTE_MS;
  const since = ((at + offsetMs) / MINUTE_MS) % everyMinutes;
  if (since < minutes) return since / minutes;
  return Math.exp(-(since - minutes) / 0.7);
}

function runningOxygen(plant: Plant, at: number): number {
  const { stack } = plant.model;
  const load = loadPercentAt(plant, stack.line, at) / 100;
  const perLoad = (stack.o2HalfLoadPercent - stack.o2FullLoadPercent) * 2;
  const wander = 0.35 * plant.random.split('o2').smoothAt(at / (9 * MINUTE_MS));
  const turned = (stack.reversal?.o2RisePercent ?? 0) * reversalShare(plant, at);
  const { unrest } = plant.conditionsAt(at);
  return Math.min(20, stack.o2FullLoadPercent + perLoad * (1 - load) + unrest * wander + turned);
}

/** How well one machine cleans, 0 to 1: turned far down it moves too little to take anything out. */
function effectOf(id: string, plant: Plant, conditions: Conditions): number {
  const isSpare = plant.model.machines.some((machine) => machine.id === id && machine.duty === 'spare');
  if (conditions.machinesOff.includes(id) || (isSpare && !conditions.machinesOn.includes(id))) return 0;
  const turned = conditions.machineFactors[id] ?? 1;
  return Math.min(1, Math.max(0, (turned - 0.2) / 0.6));
}

/** How much more of a gas passes because a cleaning stage does less than its work; 1 with all of them at theirs. */
function uncleanedFactor(plant: Plant, gas: string, conditions: Conditions): number {
  const around = conditions.bypassPercent / 100;
  let factor = 1;
  for (const stage of plant.model.stack.cleaning) {
    if (stage.gas !== gas) continue;
    const effect = Math.max(...stage.machines.map((id) => effectOf(id, plant, conditions))) * (1 - around);
    factor *= (1 - stage.removal * effect) / (1 - stage.removal);
  }
  return factor;
}

/** The level that a gas would have at the reference oxygen, in mg/m³. */
function convertedAt(plant: Plant, id: string, gas: GasModel, at: number): number {
  const conditions = plant.conditionsAt(at);
  const activity = lineActivityAt(plant, plant.model.stack.line, at);
  const random = plant.random.split('gas', id);
  const wander = 0.6 * random.smoothAt(at / (70 * MINUTE_MS)) + 0.4 * random.smoothAt(at / (5 * MINUTE_MS) + 0.5);
  const startUpShare = activity.phase === 'start-up' ? (1 - activity.ramp) / 0.65 : 0;
  const startUp = 1 + (gas.startUpFactor - 1) * startUpShare;
  const acting = (conditions.gasFactors[id] ?? 1) * uncleanedFactor(plant, id, conditions);
  return gas.convertedMgPerM3 * (1 + gas.swing * conditions.unrest * wander) * startUp * acting;
}

function flowShare(plant: Plant, activity: Activity, at: number): number {
  if (activity.phase !== 'stopped') return 0.35 + (0.65 * loadPercentAt(plant, plant.model.stack.line, at)) / 100;
  const { preStartMs, afterRunMs } = lineOf(plant, plant.model.stack.line);
  const fansTurn = at < activity.endsAt + afterRunMs || at >= activity.nextStartAt - preStartMs;
  return fansTurn ? COLD_FAN_SHARE : DRAUGHT_SHARE;
}

/** Share of its working temperature above outside: warms with the run, cools after it. */
function warmth(activity: Activity, at: number): number {
  const warm = 1 - 0.6 * Math.exp(-(at - activity.startedAt) / (20 * MINUTE_MS));
  if (activity.phase !== 'stopped') return warm;
  return Number.isFinite(activity.endsAt) ? Math.exp(-(at - activity.endsAt) / (50 * MINUTE_MS)) : 0;
}

function furnaceCAt(plant: Plant, furnace: FurnaceModel, at: number): number {
  const { stack } = plant.model;
  const activity = lineActivityAt(plant, stack.line, at);
  const { furnaceDropC: drop, unrest } = plant.conditionsAt(at);
  const wander = 12 * unrest * plant.random.split('furnace').smoothAt(at / (8 * MINUTE_MS));
  if (activity.phase !== 'stopped') {
    const settled = 1 - Math.exp(-(at - activity.startedAt) / HOUR_MS);
    return furnace.burningC - 30 * (1 - settled) + 0.3 * (loadPercentAt(plant, stack.line, at) - 85) + wander - drop;
  }
  const cooled = (furnace.burningC - OUTSIDE_C) * Math.exp(-(at - activity.endsAt) / (3 * HOUR_MS));
  const heated =
    ((furnace.burningC - 30 - OUTSIDE_C) * (at - activity.nextStartAt + furnace.preheatMs)) / furnace.preheatMs;
  return OUTSIDE_C + Math.max(0, cooled, heated) + wander;
}

/** What turns a level at the reference into what is measured: air thins it, and without a fire there is only air. */
function dilutionAt(plant: Plant, o2: number, at: number): number {
  const { o2ReferencePercent: reference, line } = plant.model.stack;
  if (reference !== undefined) return Math.max(0, 21 - o2) / (21 - reference);
  const { phase, startedAt, endsAt } = lineActivityAt(plant, line, at);
  if (phase === 'stopped') return Number.isFinite(endsAt) ? Math.exp(-(at - endsAt) / (6 * MINUTE_MS)) : 0;
  const there = 1 - Math.exp(-(at - startedAt) / (lineOf(plant, line).startUpMs / 3));
  return there * (0.4 + 0.008 * loadPercentAt(plant, line, at));
}

/** Every quantity of the stack by signal, in the units of the contract. */
export function stackGasAt(plant: Plant, at: number): Readonly<Record<string, number>> {
  const { stack } = plant.model;
  const activity = lineActivityAt(plant, stack.line, at);
  const o2 = oxygenPercentAt(plant, at);
  const dilution = dilutionAt(plant, o2, at);
  const values: Record<string, number> = {};
  for (const [id, gas] of Object.entries(stack.gases)) values[id] = convertedAt(plant, id, gas, at) * dilution;
  const warm = warmth(activity, at);
  const flow = stack.fullFlowM3PerH * flowShare(plant, activity, at);
  values['o2'] = o2;
  values['flow'] = flow;
  values['temp'] = OUTSIDE_C + (stack.temperatureC - OUTSIDE_C) * warm;
  values['humidity'] = 1.5 + (stack.humidityPercent - 1.5) * warm;
  values['velocity'] = ((flow / 3_600 / stack.ductAreaM2) * (273 + values['temp'])) / 273;
  values['pressure'] = -0.05 - 0.25 * (flow / stack.fullFlowM3PerH);
  if (stack.furnace !== undefined) values['furnace-temp'] = furnaceCAt(plant, stack.furnace, at);
  values['bypass'] = plant.conditionsAt(at).bypassPercent;
  if (stack.sampling !== undefined) addSampling(values, plant, stack.sampling, at);
  return values;
}

/** Its heating and cooling are controlled, and follow the air outside a little. */
function addSampling(values: Record<string, number>, plant: Plant, sampling: SamplingModel, at: number): void {
  const random = plant.random.split('sampling');
  const outside = plant.weatherAt(at).temperatureC - OUTSIDE_C;
  values['probe-temp'] = sampling.probeC + 0.02 * outside + 1.5 * random.smoothAt(at / (14 * MINUTE_MS));
  values['line-temp'] = sampling.lineC + 0.05 * outside + 1.2 * random.smoothAt(at / (22 * MINUTE_MS) + 0.3);
  values['cooler-temp'] = sampling.coolerC + 0.01 * outside + 0.25 * random.smoothAt(at / (6 * MINUTE_MS) + 0.7);
}
