import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** An order holds in some local hours of each day: the line stands in these, and works in the others. */
export const dailyHours: LookAlikeKind = {
  id: 'daily-hours',
  rule: null,
  resembles: 'order.shutdown',
  trap: 'order: time zone of daily hours',
  does: 'the line stands still in the hours of an order with `daily`; lay it over them, with `every`',
  needs: ['line', 'order'],
  defaults: { minutes: 480 },
  standsStill: true,
  subject: orderSubject,
};
