import { turnMachines } from '../faults/alterations.ts';
import { lineOfMachine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

/** After works on the switchgear a part of the drives hangs on another feeder. */
export const otherFeeder: LookAlikeKind = {
  id: 'other-feeder',
  rule: null,
  resembles: 'falsification.load-mismatch',
  trap: 'load-mismatch: meter on another feeder',
  does: 'one production meter shows `factor` of what it did',
  needs: ['machine'],
  defaults: { factor: 0.7, minutes: 2_880 },
  disturb: (conditions, { settings: { machine, factor } }) => turnMachines(conditions, [machine], factor),
  subject: ({ machine }, place) => ({ line: lineOfMachine(place, machine), device: machine }),
};
