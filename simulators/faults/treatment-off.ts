import type { FaultKind } from './fault.ts';

/** A machine of the flue-gas treatment is switched off while production goes on. */
export const treatmentOff: FaultKind = {
  id: 'treatment-off',
  rule: 'treatment.off',
  needs: ['machine'],
  defaults: {},
  disturb: (conditions, { machine }) => ({ ...conditions, machinesOff: [...conditions.machinesOff, machine] }),
  subject: ({ machine }, place) => ({ line: place.lineOf(machine), device: machine }),
};
