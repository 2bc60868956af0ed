import type { FaultKind } from './fault.ts';
import { dutyOf } from './fault-place.ts';
import { orderSubject } from './subjects.ts';

/** A line stopped for an order, and starts again before the order is lifted. */
export const orderEarlyRestart: FaultKind = {
  id: 'order-early-restart',
  rule: 'order.early-restart',
  also: ['order.shutdown'],
  does: 'the line works again within a `stop`',
  needs: ['line', 'order'],
  strengths: { weak: { minutes: 22 }, middle: { minutes: 120 }, strong: { minutes: 720 } },
  keepsRunning: true,
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
