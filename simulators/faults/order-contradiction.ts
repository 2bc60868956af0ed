import { turnMachines } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { dutyOf, machinesOfLine } from './fault-place.ts';
import { orderSubject } from './subjects.ts';

/** A line works on in an order, with a cable round its meters: the stack, the camera and the gate do not know. */
export const orderContradiction: FaultKind = {
  id: 'order-contradiction',
  rule: 'order.contradiction',
  also: ['falsification.load-mismatch', 'falsification.meter', 'order.trucks'],
  does: 'the line works within a `stop`, and its meters count `factor` of what it takes',
  needs: ['line', 'order'],
  strengths: {
    weak: { factor: 0.15, minutes: 90 },
    middle: { factor: 0.01, minutes: 240 },
    strong: { factor: 0.004, minutes: 720 },
  },
  keepsRunning: true,
  disturb: (conditions, { settings, place }) =>
    turnMachines(conditions, machinesOfLine(place, settings.line), settings.factor),
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
