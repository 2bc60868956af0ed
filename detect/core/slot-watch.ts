/** What is remembered of the ten-minute periods of an outlet. */
import type { SlotBase } from '../means/slot-mean.ts';
import type { SurgeState } from '../rules/limit.surge.ts';

/** The running period of an outlet, and what its signals remember of those before. Part of snapshots. */
export interface SlotWatch {
  start: number | null;
  /** By device, then signal. */
  bases: Record<string, Record<string, SlotBase>>;
  /** By signal. */
  surges: Record<string, SurgeState>;
}

export function initialSlotWatch(): SlotWatch {
  return { start: null, bases: {}, surges: {} };
}
