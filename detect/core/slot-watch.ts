/** What is remembered of the ten-minute periods of an outlet. */
import type { SlotBase } from '../means/slot-mean.ts';
import type { SurgeSlot, SurgeState } from '../rules/limit.surge.ts';

/** What the limit of one signal would see of a period. */
export type SlotValue = Pick<SurgeSlot, 'value' | 'mean' | 'o2' | 'valid' | 'expected'> & { readonly device: string };

/** A period that is over and waits for the meters to say whether the plant worked. */
export interface WaitingSlot {
  readonly start: number;
  readonly isMarked: boolean;
  /** Dry, % ; null: not known exactly. */
  readonly o2: number | null;
  /** By signal. */
  readonly values: Readonly<Record<string, SlotValue>>;
}

/** The running period of an outlet, and what its signals remember of those before. Part of snapshots. */
export interface SlotWatch {
  start: number | null;
  /** By device, then signal. */
  bases: Record<string, Record<string, SlotBase>>;
  /** Oldest first; none is older than the running hour. */
  waiting: WaitingSlot[];
  /** By signal. */
  surges: Record<string, SurgeState>;
}

export function initialSlotWatch(): SlotWatch {
  return { start: null, bases: {}, waiting: [], surges: {} };
}
