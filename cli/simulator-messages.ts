/** What the command and the process of its simulator say to each other. */
import type { SimulationStats } from '../simulators/start-simulation.ts';

export interface SimulatorTask {
  /** Name of a built-in scenario, or path of a file. */
  readonly scenario: string;
  /** Begin of live time. */
  readonly startAt: number;
}

/** To the simulator: begin to send, or end. */
export type SimulatorRequest =
  { readonly kind: 'go'; readonly url: string; readonly backlogFromAt?: number } | { readonly kind: 'stop' };

/** From the simulator. */
export type SimulatorReply =
  | {
      readonly kind: 'ready';
      readonly registry: string;
      readonly name: string;
      readonly startAt: number;
      readonly clients: 'site' | 'device';
    }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'delivered'; readonly stats: SimulationStats }
  | { readonly kind: 'warning'; readonly fields: Readonly<Record<string, unknown>>; readonly message: string };
