import { MINUTE_MS, turnMachines } from '../faults/alterations.ts';
import { lineOfMachine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

const CYCLE_MS = 30 * MINUTE_MS;
const LOADED_MS = 18 * MINUTE_MS;
/** Unloaded, it still turns. */
const UNLOADED = 0.62;

/** A machine that loads and unloads in a steady rhythm, like a compressor. */
export const onOffMachine: LookAlikeKind = {
  id: 'on-off-machine',
  rule: null,
  resembles: 'falsification.replay',
  also: ['falsification.load-mismatch'],
  trap: 'replay: on-off machine',
  does: 'a machine takes 62 % of its power for twelve minutes of every thirty',
  needs: ['machine'],
  defaults: { minutes: 1_440 },
  disturb: (conditions, { settings: { machine }, span, at }) =>
    (at - span.fromAt) % CYCLE_MS < LOADED_MS ? conditions : turnMachines(conditions, [machine], UNLOADED),
  subject: ({ machine }, place) => ({ line: lineOfMachine(place, machine), device: machine }),
};
