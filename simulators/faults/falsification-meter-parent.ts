import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The meter of the whole site shows less than the machines behind it take together. */
export const falsificationMeterParent: FaultKind = {
  id: 'falsification-meter-parent',
  rule: 'falsification.meter',
  does: 'power and currents of the meter of the whole site show `factor` of what it takes',
  needs: ['device'],
  strengths: {
    weak: { factor: 0.7, minutes: 720 },
    middle: { factor: 0.5, minutes: 720 },
    strong: { factor: 0.2, minutes: 720 },
  },
  alter: (report, { settings: { factor }, place }) =>
    ['power', 'current-a', 'current-b', 'current-c'].reduce(
      (one, signal) => mapSignal(one, signal, place, (value) => value * factor),
      report,
    ),
  subject: deviceSubject,
};
