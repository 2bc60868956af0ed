/** Electric power of a machine in kW, as it truly is. */
import { askedLoadPercentAt, lineActivityAt, lineFactorAt } from './line-load.ts';
import type { MachineMemory } from './plant-memory.ts';
import { lineOf, type MachineModel, type Plant } from './plant-model.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** What a switched-off drive still takes: its controls and its heating. */
const STANDBY_SHARE = 0.004;
/** What a machine takes between two pieces of work. */
const BETWEEN_PIECES_SHARE = 0.3;
const START_PEAK = 1.5;
const START_PEAK_MS = 2 * MINUTE_MS;

interface Turning {
  readonly isOn: boolean;
  readonly sinceAt: number;
}

/** Production turns while its line runs; treatment also a while before and after. */
function turningAt(plant: Plant, machine: MachineModel, at: number): Turning {
  const activity = lineActivityAt(plant, machine.line, at);
  const isProduction = machine.role === 'production';
  const { preStartMs, afterRunMs } = lineOf(plant, machine.line);
  const early = isProduction ? 0 : preStartMs;
  const late = isProduction ? 0 : afterRunMs;
  const isLate = at < activity.endsAt + late;
  const isEarly = at >= activity.nextStartAt - early;
  const startedAt = isLate ? activity.startedAt : activity.nextStartAt;
  return { isOn: isLate || isEarly, sinceAt: startedAt - early };
}

function isPutIn(plant: Plant, machine: MachineModel, at: number): boolean {
  const { machinesOff, machinesOn } = plant.conditionsAt(at);
  if (machinesOff.includes(machine.id)) return false;
  return machine.duty === 'duty' || machinesOn.includes(machine.id);
}

/** Pieces follow each other, each with its own share of work. */
function pieceShare({ pieces }: MachineModel, memory: MachineMemory, at: number): number {
  if (pieces === undefined) return 1;
  const position = at / (pieces.minutes * MINUTE_MS);
  const piece = Math.floor(position);
  const luck = 0.8 + 0.4 * memory.pieces.uniformAt(piece);
  return position - piece < pieces.workShare * luck ? 1 : BETWEEN_PIECES_SHARE;
}

function workingShare(plant: Plant, machine: MachineModel, memory: MachineMemory, at: number): number {
  const load = askedLoadPercentAt(plant, machine.line, at) / 100;
  if (machine.role === 'treatment') return 0.5 + 0.28 * load;
  return (0.32 + 0.48 * load) * pieceShare(machine, memory, at) * lineFactorAt(plant, machine.line, at);
}

function drivenKw(plant: Plant, machine: MachineModel, memory: MachineMemory, at: number): number {
  const turning = turningAt(plant, machine, at);
  if (!turning.isOn || !isPutIn(plant, machine, at)) return machine.ratedKw * STANDBY_SHARE;
  const { machineFactors, unrest } = plant.conditionsAt(at);
  const wobble = 1 + 0.012 * unrest * memory.wobble.gaussianAt(Math.floor(at / MINUTE_MS));
  const peak = at - turning.sinceAt < START_PEAK_MS ? START_PEAK : 1;
  const asked = machine.ratedKw * workingShare(plant, machine, memory, at) * wobble * peak;
  return asked * (machineFactors[machine.id] ?? 1);
}

function computedKw(plant: Plant, machine: MachineModel, memory: MachineMemory, at: number): number {
  return Math.max(drivenKw(plant, machine, memory, at), plant.conditionsAt(at).leastKw[machine.id] ?? 0);
}

/** Idle share and a part that follows the load; a minute's peak when it starts; a standby remainder when off. */
export function powerKwOf(plant: Plant, machine: MachineModel, at: number): number {
  const memory = plant.memory.machines.get(machine.id);
  if (memory === undefined) throw new TypeError(`plant type ${plant.model.type} has no machine ${machine.id}`);
  if (memory.lastOf === at) return memory.lastKw;
  if (memory.olderOf === at) return memory.olderKw;
  const powerKw = computedKw(plant, machine, memory, at);
  memory.olderOf = memory.lastOf;
  memory.olderKw = memory.lastKw;
  memory.lastOf = at;
  memory.lastKw = powerKw;
  return powerKw;
}

/** What the whole site takes: its machines, and the rest that nobody meters, more of it by day. */
export function totalPowerKwAt(plant: Plant, at: number): number {
  const { machines, total } = plant.model;
  const daily = 0.85 - 0.15 * Math.cos((2 * Math.PI * (plant.minuteOfDay(at) - 120)) / DAY_MINUTES);
  const wander = 1 + 0.08 * plant.random.split('rest').smoothAt(at / (20 * MINUTE_MS));
  let sumKw = (total?.restKw ?? 0) * daily * wander;
  for (const machine of machines) sumKw += powerKwOf(plant, machine, at);
  return sumKw;
}
