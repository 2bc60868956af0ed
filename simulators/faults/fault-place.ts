/** Where a fault happens: what it may know of its plant, its permit and its orders. */
import type { ChannelModel, PlantModel } from '../plants/plant-model.ts';
import type { LimitModel } from '../plants/plant-model.ts';
import type { Span } from '../plants/span.ts';

/** An order as far as a fault has to know it. */
export interface KnownOrder {
  readonly id: string;
  /** From the end of its grace until it is lifted. */
  readonly duty: Span;
  readonly reducePercent: number;
}

export interface FaultPlace {
  readonly model: PlantModel;
  readonly limits: readonly LimitModel[];
  readonly orders: readonly KnownOrder[];
  readonly minuteOfDay: (at: number) => number;
}

const ALWAYS: Span = { fromAt: -Infinity, toAt: Infinity };

/** Line of a machine. */
export function lineOfMachine({ model }: FaultPlace, machine: string): string {
  return model.machines.find(({ id }) => id === machine)?.line ?? model.stack.line;
}

/** Machines of a line by what they are for. */
export function machinesOfLine(
  { model }: FaultPlace,
  line: string,
  role?: 'production' | 'treatment',
): readonly string[] {
  return model.machines
    .filter((machine) => machine.line === line && (role === undefined || machine.role === role))
    .map(({ id }) => id);
}

/** Time in which an order obliges: its grace is over and it is not lifted. */
export function dutyOf({ orders }: FaultPlace, order: string): Span {
  return orders.find(({ id }) => id === order)?.duty ?? ALWAYS;
}

/** What a line may still do under an order, as a share of the usual. */
export function allowedShare({ orders }: FaultPlace, order: string): number {
  return 1 - (orders.find(({ id }) => id === order)?.reducePercent ?? 0) / 100;
}

/** Greatest legal mean of a signal, in its unit; `undefined` where there is none. */
export function limitOf({ limits }: FaultPlace, signal: string, average = 'PT1H'): number | undefined {
  return limits.find((limit) => limit.signal === signal && limit.average === average && limit.role !== 'warning')?.max;
}

/** The channel of a signal of the stack monitor; one of a hundred steps where it has none. */
export function channelOf({ model }: FaultPlace, signal: string): ChannelModel {
  return model.stack.channels[signal] ?? { range: [0, 100], resolution: 1, noise: 1, calibrated: false };
}

/** What multiplies a gas so that its level at the reference oxygen reaches a share of its limit, in %. */
export function factorToLimit(place: FaultPlace, signal: string, percent: number, average?: string): number {
  const usual = place.model.stack.gases[signal]?.convertedMgPerM3;
  const limit = limitOf(place, signal, average);
  return usual === undefined || limit === undefined ? percent / 100 : (percent / 100) * (limit / usual);
}
