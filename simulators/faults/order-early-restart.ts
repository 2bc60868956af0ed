import type { FaultKind } from './fault.ts';

/** A line stopped for an order, and starts again before the order is lifted. */
export const orderEarlyRestart: FaultKind = {
  id: 'order-early-restart',
  rule: 'order.early-restart',
  needs: ['line', 'order'],
  defaults: {},
  keepsRunning: true,
  subject: ({ line, order }) => ({ order, line }),
  wrongIn: ({ order }, place) => place.dutyOf(order),
};
