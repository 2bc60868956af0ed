import { flagAll, type FaultKind } from './fault.ts';

/** The link to a line's meters is cut in an order: they report, but nothing that counts. */
export const orderUnproven: FaultKind = {
  id: 'order-unproven',
  rule: 'order.unproven',
  needs: ['devices', 'line', 'order'],
  defaults: {},
  alter: (report) => flagAll(report, 'B'),
  subject: ({ line, order }) => ({ order, line }),
  wrongIn: ({ order }, place) => place.dutyOf(order),
};
