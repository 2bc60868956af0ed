/** The instrument behind a device: what it looks at in its plant. */
import type { DeviceKind } from '../contracts/signals.ts';
import { POLLUTANTS } from '../contracts/signals.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import { createCamera } from './instruments/camera.ts';
import { createCems } from './instruments/cems.ts';
import type { Instrument } from './instruments/device-report.ts';
import { createGate } from './instruments/gate.ts';
import { createMeter, createRegister } from './instruments/meter.ts';
import type { OwnMeans } from './instruments/device-report.ts';
import { createUpkeep } from './instruments/upkeep.ts';
import { trucksPerHourAt } from './plants/gate-traffic.ts';
import { lineActivityAt, loadPercentAt } from './plants/line-load.ts';
import { powerKwOf, totalPowerKwAt } from './plants/machine-power.ts';
import type { Plant, PlantModel, StackModel } from './plants/plant-model.ts';
import type { RandomStream } from './plants/random-stream.ts';
import { stackGasAt } from './plants/stack-gas.ts';
import { wiringFor, type Wiring } from './plants/wiring.ts';
import type { ScenarioReading } from './scenario-reading.ts';

export interface DeviceSetting {
  readonly everyMs: number;
  readonly form: 'instant' | 'period';
  /** Periods of the means that it makes itself beside its minutes, shortest first. */
  readonly ownMeansMs: readonly number[];
}

export interface DevicePlan {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly plant: Plant;
  readonly setting: DeviceSetting;
  readonly random: RandomStream;
  readonly calibration: { readonly startMinute: number; readonly minutes: number };
}

/** How a meter of a plant is wired; `undefined` where the model has no such meter. */
export function meterWiring(model: PlantModel, id: string): Wiring | undefined {
  const machine = model.machines.find((candidate) => candidate.id === id);
  if (machine !== undefined) return wiringFor(machine.ratedKw);
  if (model.total?.id !== id) return undefined;
  const onDuty = model.machines.filter(({ duty }) => duty === 'duty');
  return wiringFor(onDuty.reduce((sumKw, { ratedKw }) => sumKw + ratedKw, model.total.restKw));
}

/** Where the periods of own means begin: a local midnight. */
function midnightBefore(at: number, { plant }: DevicePlan): number {
  return at - (at % MINUTE_MS) - plant.minuteOfDay(at) * MINUTE_MS;
}

function ownMeansOf(plan: DevicePlan, stack: StackModel, alignedAt: number): readonly OwnMeans[] {
  const { setting } = plan;
  const pollutants = new Set<string>(POLLUTANTS);
  return setting.ownMeansMs.map((periodMs) => ({
    periodMs,
    alignedAt,
    expected: Math.round(periodMs / setting.everyMs),
    o2ReferencePercent: stack.o2ReferencePercent,
    stepOf: (signal) => stack.channels[signal]?.resolution ?? 1,
    isConverted: (signal) => pollutants.has(signal),
  }));
}

/** Number of a report: one for each tick and one for each mean that ended before it. */
function createCount(
  originAt: number,
  { everyMs, ownMeansMs }: DeviceSetting,
  alignedAt: number,
): (tickAt: number) => number {
  return (tickAt) => {
    let count = Math.round((tickAt - originAt) / everyMs);
    for (const periodMs of ownMeansMs)
      count += Math.ceil((tickAt - alignedAt) / periodMs) - 1 - Math.floor((originAt - alignedAt) / periodMs);
    return Math.max(0, count);
  };
}

function makeCems(reading: ScenarioReading, plan: DevicePlan): Instrument {
  const { plant, setting, random } = plan;
  const { stack } = plant.model;
  const alignedAt = midnightBefore(reading.originAt, plan);
  return createCems({
    everyMs: setting.everyMs,
    form: setting.form,
    random,
    channels: stack.channels,
    calibration: plan.calibration,
    upkeep: createUpkeep(random.split('upkeep'), plant.minuteOfDay),
    ductAreaM2: stack.ductAreaM2,
    ownMeans: ownMeansOf(plan, stack, alignedAt),
    seqAt: createCount(reading.originAt, setting, alignedAt),
    minuteOfDay: plant.minuteOfDay,
    gasAt: (at) => stackGasAt(plant, at),
    activityAt: (at) => lineActivityAt(plant, stack.line, at),
  });
}

function makeMeter(reading: ScenarioReading, { id, plant, setting, random }: DevicePlan): Instrument {
  const { model, minuteOfDay } = plant;
  const machine = model.machines.find((candidate) => candidate.id === id);
  const powerKwAt = (at: number): number =>
    machine === undefined ? totalPowerKwAt(plant, at) : powerKwOf(plant, machine, at);
  const startKwh = Math.floor(20_000 + 900_000 * random.split('register').uniformAt(0));
  const energyKwhAt = createRegister(powerKwAt, reading.originAt, startKwh);
  const wiring = meterWiring(model, id);
  if (wiring === undefined) throw new TypeError(`plant type ${model.type} has no meter ${id}`);
  const countedFromAt = reading.originAt;
  return createMeter({ everyMs: setting.everyMs, random, countedFromAt, minuteOfDay, wiring, powerKwAt, energyKwhAt });
}

export function makeInstrument(reading: ScenarioReading, plan: DevicePlan): Instrument {
  const { id, kind, plant, random } = plan;
  const shared = { everyMs: plan.setting.everyMs, random, countedFromAt: reading.originAt };
  switch (kind) {
    case 'cems':
      return makeCems(reading, plan);
    case 'meter':
      return makeMeter(reading, plan);
    case 'camera': {
      const line = plant.model.lines.find(({ cameras }) => cameras.includes(id))?.id ?? plant.model.stack.line;
      return createCamera({
        ...shared,
        loadPercentAt: (at) => loadPercentAt(plant, line, at),
        weatherAt: plant.weatherAt,
      });
    }
    case 'gate':
      return createGate({ ...shared, trucksPerHourAt: (at) => trucksPerHourAt(plant, id, at) });
  }
}

/** Cadence of a device where nobody says otherwise. */
export function usualEveryMs(kind: DeviceKind): number {
  return kind === 'gate' ? 10 * MINUTE_MS : MINUTE_MS;
}
