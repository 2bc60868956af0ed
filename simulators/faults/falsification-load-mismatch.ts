import { turnMachines } from './alterations.ts';
import { machinesOfLine } from './fault-place.ts';
import type { FaultKind } from './fault.ts';

/** A cable goes round the production meters: they show next to nothing, while the stack works as ever. */
export const falsificationLoadMismatch: FaultKind = {
  id: 'falsification-load-mismatch',
  rule: 'falsification.load-mismatch',
  also: ['falsification.meter', 'falsification.correlation', 'order.contradiction'],
  does: 'the production meters of the line count `factor` of what it takes; the stack works as ever',
  needs: ['line'],
  strengths: {
    weak: { factor: 0.2, minutes: 90 },
    middle: { factor: 0.01, minutes: 240 },
    strong: { factor: 0.004, minutes: 1_440 },
  },
  disturb: (conditions, { settings, place }) =>
    turnMachines(conditions, machinesOfLine(place, settings.line, 'production'), settings.factor),
  subject: ({ line }) => ({ line }),
};
