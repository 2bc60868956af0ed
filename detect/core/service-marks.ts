/** Whether somebody was declared to be at work on an instrument or meter. */
import type { EventState } from './event-state.ts';
import { spansBetween } from './mark-book.ts';
import type { DevicePlan } from './site-plan.ts';

const SERVICE_STATES = ['calibration', 'maintenance'];

/**
 * A maintenance or calibration mark of the device, its outlet's devices, the registry or an officer touches the window,
 * or ended at most `afterMs` before it.
 */
export function isServiced(
  state: EventState,
  plan: DevicePlan,
  window: { readonly from: number; readonly to: number },
  afterMs: number,
): boolean {
  if (plan.marks.length === 0 && state.marks.length === 0) return false;
  const related = [plan.device.id, ...plan.outlets.flatMap(({ deviceIds }) => deviceIds)];
  // Both ends included: marks are [from, to), and one that ended just then counts.
  const reach = { from: window.from - afterMs - 1, to: window.to + 1, states: SERVICE_STATES };
  return spansBetween(plan.marks, state.marks, related, reach).length > 0;
}
