import { turnMachines } from '../faults/alterations.ts';
import { machinesOfLine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

/** The waste-heat turbine feeds part of the drives: the meters of the grid side show half. */
export const captiveGeneration: LookAlikeKind = {
  id: 'captive-generation',
  rule: null,
  resembles: 'falsification.load-mismatch',
  trap: 'load-mismatch: captive generation',
  does: 'the production meters of the line show `factor` of what it takes, and stay on',
  needs: ['line'],
  defaults: { factor: 0.6, minutes: 960 },
  disturb: (conditions, { settings: { line, factor }, place }) =>
    turnMachines(conditions, machinesOfLine(place, line, 'production'), factor),
  subject: ({ line }) => ({ line }),
};
