import { turnMachines } from '../faults/alterations.ts';
import { lineOfMachine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { machineSubject } from '../faults/subjects.ts';

/** A fan with an inverter follows the load: at three quarters of the work it takes little more than half the power. */
const TURNED = 0.72;

export const inverterDrive: LookAlikeKind = {
  id: 'inverter-drive',
  rule: null,
  resembles: 'treatment.idle',
  also: ['limit.near', 'limit.surge'],
  trap: 'treatment: inverter drive',
  does: 'the line works at `factor`, and a machine of its treatment at 72 % of the power for that',
  needs: ['machine'],
  defaults: { factor: 0.75, minutes: 480 },
  disturb: (conditions, { settings: { machine, factor }, place }) => {
    const line = lineOfMachine(place, machine);
    const turned = turnMachines(conditions, [machine], TURNED);
    return { ...turned, lineFactors: { ...turned.lineFactors, [line]: factor } };
  },
  subject: machineSubject,
};
