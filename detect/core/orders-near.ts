/** Which orders have to be looked at for a span, before anything finer is asked. */
import type { BoundLine } from './bound-parts.ts';
import { dutyDuring } from './order-duty.ts';
import type { SitePlan } from './site-plan.ts';

/** An order of the site may be in force at some time of the span. */
export function isOrderNear(plan: SitePlan, start: number, end: number): boolean {
  for (const order of plan.orders) if (order.fromAt < end && order.toAt > start) return true;
  return false;
}

/** An order is in force for one of the lines at some time of the span. */
export function reachesAnyLine(plan: SitePlan, lines: readonly BoundLine[], start: number, end: number): boolean {
  const { site, time } = plan;
  for (const order of plan.orders) {
    if (order.fromAt >= end || order.toAt <= start) continue;
    for (const { plan: linePlan } of lines) {
      if (dutyDuring({ order, site, line: linePlan.line, time }, start, end).some) return true;
    }
  }
  return false;
}
