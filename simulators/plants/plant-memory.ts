/**
 * What a plant keeps of its last answers. Several devices ask for the same instants, minute after minute; nothing that
 * is told depends on what is kept here.
 */
import type { Activity } from './activity.ts';
import type { RandomStream } from './random-stream.ts';

export interface LineMemory {
  readonly slow: RandomStream;
  readonly fast: RandomStream;
  activityOf: number;
  activity: Activity | undefined;
  askedOf: number;
  askedPercent: number;
}

/** The two last instants: a register asks for the minute before, when its meter has asked for this one. */
export interface MachineMemory {
  readonly wobble: RandomStream;
  readonly pieces: RandomStream;
  lastOf: number;
  lastKw: number;
  olderOf: number;
  olderKw: number;
}

export interface PlantMemory {
  readonly lines: ReadonlyMap<string, LineMemory>;
  readonly machines: ReadonlyMap<string, MachineMemory>;
}

export function createPlantMemory(
  model: { readonly lines: readonly { readonly id: string }[]; readonly machines: readonly { readonly id: string }[] },
  random: RandomStream,
): PlantMemory {
  const lineOf = (id: string): LineMemory => ({
    slow: random.split(id, 'load', 'slow'),
    fast: random.split(id, 'load', 'fast'),
    activityOf: Number.NaN,
    activity: undefined,
    askedOf: Number.NaN,
    askedPercent: 0,
  });
  const machineOf = (id: string): MachineMemory => ({
    wobble: random.split(id, 'power'),
    pieces: random.split(id, 'piece'),
    lastOf: Number.NaN,
    lastKw: 0,
    olderOf: Number.NaN,
    olderKw: 0,
  });
  return {
    lines: new Map(model.lines.map(({ id }) => [id, lineOf(id)])),
    machines: new Map(model.machines.map(({ id }) => [id, machineOf(id)])),
  };
}
