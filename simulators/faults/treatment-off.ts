import type { FaultKind } from './fault.ts';
import { machineSubject } from './subjects.ts';

/** A machine of the flue-gas treatment is switched off while production goes on. */
export const treatmentOff: FaultKind = {
  id: 'treatment-off',
  rule: 'treatment.off',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'a machine is off while production goes on, and what it cleans rises',
  needs: ['machine'],
  strengths: { weak: { minutes: 13 }, middle: { minutes: 40 }, strong: { minutes: 240 } },
  disturb: (conditions, { settings: { machine } }) => ({
    ...conditions,
    machinesOff: [...conditions.machinesOff, machine],
  }),
  subject: machineSubject,
};
