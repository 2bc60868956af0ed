import { flagAll } from './alterations.ts';
import { dutyOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { orderSubject } from './subjects.ts';

/** The link to a line's meters is cut in an order: they report, but nothing that counts. */
export const orderUnproven: FaultKind = {
  id: 'order-unproven',
  rule: 'order.unproven',
  also: ['order.contradiction'],
  does: 'the meters of the line report under flag B only',
  needs: ['devices', 'line', 'order'],
  strengths: { weak: { minutes: 75 }, middle: { minutes: 180 }, strong: { minutes: 600 } },
  alter: (report) => flagAll(report, 'B'),
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
