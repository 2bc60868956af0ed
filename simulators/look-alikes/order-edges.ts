import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** The line works to the last minute of the grace, and from the first minute after the order. Lay it over the duty. */
export const orderEdges: LookAlikeKind = {
  id: 'order-edges',
  rule: null,
  resembles: 'order.shutdown',
  trap: 'order: begin and end of an order',
  does: 'the line stands still exactly as long as the order obliges; lay it over the duty',
  needs: ['line', 'order'],
  defaults: { minutes: 720 },
  standsStill: true,
  subject: orderSubject,
};
