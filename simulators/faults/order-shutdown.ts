import type { FaultKind } from './fault.ts';
import { dutyOf } from './fault-place.ts';
import { orderSubject } from './subjects.ts';

/** A line goes on working although an order tells it to stand still. */
export const orderShutdown: FaultKind = {
  id: 'order-shutdown',
  rule: 'order.shutdown',
  also: ['order.early-restart'],
  does: 'the line works within a `stop`; lay it to the begin of the duty',
  needs: ['line', 'order'],
  strengths: { weak: { minutes: 22 }, middle: { minutes: 180 }, strong: { minutes: 1_440 } },
  keepsRunning: true,
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
