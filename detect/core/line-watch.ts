/** What is remembered of a line besides the spans of its meters: hours, signs, what is usual. Part of snapshots. */
import type { Running } from '../rules/line-span.ts';
import type { Word } from './line-words.ts';
import { initialBaselineHistory, type BaselineHistory } from '../rules/order-baseline.ts';
import type { TrucksState } from '../rules/order.trucks.ts';
import type { BypassState } from '../rules/treatment.bypass.ts';
import type { IdleState } from '../rules/treatment.idle.ts';
import { initialLineHourState, type LineHourState } from './line-hours.ts';

/** A stretch of the line under an order that waits until camera, stack and gate have had their say. */
export interface WaitingStretch {
  start: number;
  end: number;
  readonly production: Running;
  /** Production meters that are silent, by name. */
  readonly silent: string;
}

export interface LineWatch {
  hour: LineHourState;
  baseline: BaselineHistory;
  waiting: WaitingStretch[];
  /** By device; only while an order may be in force. */
  words: Record<string, Word[]>;
  /** By device: hours in which the line was known to stand, and those of them in which the device said production. */
  trust: Record<string, [number, number]>;
  /** The last closed hour, where the line was known to stand in it and no order reached it. */
  stoodAt: number | null;
  /** When production was lately known to be on (1) or off (0): asked by other lines and by dampers. */
  runs: [number, number, number][];
  /** By stage of treatment, or meter without one. */
  idle: Record<string, IdleState>;
  /** By order that calls up the plans. */
  trucks: Record<string, TrucksState>;
  /** By device that tells how far a damper is open. */
  bypass: Record<string, BypassState>;
}

export function initialLineWatch(): LineWatch {
  return {
    hour: initialLineHourState(),
    baseline: initialBaselineHistory(),
    waiting: [],
    words: {},
    trust: {},
    stoodAt: null,
    runs: [],
    idle: {},
    trucks: {},
    bypass: {},
  };
}
