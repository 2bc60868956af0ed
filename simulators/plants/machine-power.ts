/** Electric power of a machine in kW, as it truly is. */
import { askedLoadPercentAt, lineActivityAt } from './line-load.ts';
import { lineOf, type MachineModel, type Plant } from './plant-model.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** What a switched-off drive still takes: its controls and its heating. */
const STANDBY_SHARE = 0.004;
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

/**
 * Idle share and a part that follows the load; twice a minute's peak when it starts; a standby remainder when off.
 * @throws TypeError where the plant has no such machine
 */
export function machinePowerKwAt(plant: Plant, machineId: string, at: number): number {
  const machine = plant.model.machines.find((candidate) => candidate.id === machineId);
  if (machine === undefined) throw new TypeError(`plant type ${plant.model.type} has no machine ${machineId}`);
  const turning = turningAt(plant, machine, at);
  if (!turning.isOn || !isPutIn(plant, machine, at)) return machine.ratedKw * STANDBY_SHARE;
  const { lineFactors, machineFactors } = plant.conditionsAt(at);
  const heldBack = lineFactors[machine.line] ?? 1;
  const load = askedLoadPercentAt(plant, machine.line, at) / 100;
  const share = machine.role === 'production' ? (0.32 + 0.48 * load) * heldBack : 0.5 + 0.28 * load * heldBack;
  const wobble = 1 + 0.012 * plant.random.split(machineId, 'power').gaussianAt(Math.floor(at / MINUTE_MS));
  const peak = at - turning.sinceAt < START_PEAK_MS ? START_PEAK : 1;
  const asked = machine.ratedKw * share * wobble * peak;
  return asked * (machineFactors[machineId] ?? 1);
}

/** What the whole site takes: its machines, and the rest that nobody meters, more of it by day. */
export function totalPowerKwAt(plant: Plant, at: number): number {
  const { machines, total } = plant.model;
  const daily = 0.85 - 0.15 * Math.cos((2 * Math.PI * (plant.minuteOfDay(at) - 120)) / DAY_MINUTES);
  const wander = 1 + 0.08 * plant.random.split('rest').smoothAt(at / (20 * MINUTE_MS));
  let sumKw = (total?.restKw ?? 0) * daily * wander;
  for (const { id } of machines) sumKw += machinePowerKwAt(plant, id, at);
  return sumKw;
}
