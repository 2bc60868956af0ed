import { allowedShare, dutyOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { orderSubject } from './subjects.ts';

/** A line under a limit comes down, and not far enough. */
export const orderLimit: FaultKind = {
  id: 'order-limit',
  rule: 'order.limit',
  does: 'the line takes `percent` more energy than an order of kind limit leaves it',
  needs: ['line', 'order'],
  strengths: {
    weak: { percent: 12, minutes: 1_440 },
    middle: { percent: 30, minutes: 1_440 },
    strong: { percent: 80, minutes: 1_440 },
  },
  disturb: (conditions, { settings: { line, order, percent }, place }) => ({
    ...conditions,
    lineFactors: { ...conditions.lineFactors, [line]: Math.min(1, allowedShare(place, order) * (1 + percent / 100)) },
  }),
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
