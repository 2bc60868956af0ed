import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The power that is sent is not the power that the register counts. */
export const falsificationMeter: FaultKind = {
  id: 'falsification-meter',
  rule: 'falsification.meter',
  also: ['order.limit', 'treatment.idle', 'treatment.off'],
  does: 'the power of a meter is sent as `factor` of what it is, and its register goes on counting all of it',
  needs: ['device'],
  strengths: {
    weak: { factor: 0.88, minutes: 1_440 },
    middle: { factor: 0.7, minutes: 720 },
    strong: { factor: 0.4, minutes: 720 },
  },
  alter: (report, { settings: { factor }, place }) => mapSignal(report, 'power', place, (value) => value * factor),
  subject: deviceSubject,
};
