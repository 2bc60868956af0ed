import { turnMachines } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { machineSubject } from './subjects.ts';

/** The treatment turns, at a fraction of what it should do: it saves power and shows that it is on. */
export const treatmentIdle: FaultKind = {
  id: 'treatment-idle',
  rule: 'treatment.idle',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'a machine runs at `factor` of its normal power while production goes on, and cleans less',
  needs: ['machine'],
  strengths: {
    weak: { factor: 0.45, minutes: 60 },
    middle: { factor: 0.38, minutes: 120 },
    strong: { factor: 0.3, minutes: 480 },
  },
  disturb: (conditions, { settings: { machine, factor } }) => turnMachines(conditions, [machine], factor),
  subject: machineSubject,
};
