import type { FaultKind } from './fault.ts';

/** A line goes on working although an order tells it to stand still. */
export const orderShutdown: FaultKind = {
  id: 'order-shutdown',
  rule: 'order.shutdown',
  needs: ['line', 'order'],
  defaults: {},
  keepsRunning: true,
  subject: ({ line, order }) => ({ order, line }),
  wrongIn: ({ order }, place) => place.dutyOf(order),
};
