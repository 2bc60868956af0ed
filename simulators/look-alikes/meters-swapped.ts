import type { LookAlikeKind } from '../faults/fault.ts';
import { machineSubject } from '../faults/subjects.ts';

/** After work in the cabinet the meters of two machines of one stage are exchanged: one shows the other. */
export const metersSwapped: LookAlikeKind = {
  id: 'meters-swapped',
  rule: null,
  resembles: 'treatment.off',
  trap: 'treatment: meters swapped',
  does: 'the meter of `spare` shows what `machine` takes, and the other way round, from one minute to the next',
  needs: ['machine', 'spare'],
  defaults: { minutes: 1_440 },
  disturb: (conditions, { settings: { machine, spare } }) => ({
    ...conditions,
    machinesOn: [...conditions.machinesOn, spare],
    machinesOff: [...conditions.machinesOff, machine],
  }),
  subject: machineSubject,
};
