import { turnMachines } from '../faults/alterations.ts';
import { machinesOfLine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

/** Raw material is ground for the store: more electricity, and not more smoke. */
export const workingFromStore: LookAlikeKind = {
  id: 'working-from-store',
  rule: null,
  resembles: 'falsification.load-mismatch',
  trap: 'load-mismatch: storage',
  does: 'the production of the line takes `factor` of its usual power at the same gas',
  needs: ['line'],
  defaults: { factor: 1.18, minutes: 600 },
  disturb: (conditions, { settings: { line, factor }, place }) =>
    turnMachines(conditions, machinesOfLine(place, line, 'production'), factor),
  subject: ({ line }) => ({ line }),
};
