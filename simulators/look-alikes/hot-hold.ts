import { keepAtLeast, MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

const CYCLE_MINUTES = 30;
const TURNING_MINUTES = 12;

/** A kiln that may not cool down: it stands as ordered, and is turned slowly on its barring gear. */
export const hotHold: LookAlikeKind = {
  id: 'hot-hold',
  rule: null,
  resembles: 'order.shutdown',
  trap: 'order: unit that may not cool down',
  does: 'the line stands still in the order; its drive takes `percent` of its range now and then, below what counts as on',
  needs: ['device', 'line', 'order'],
  defaults: { percent: 9, minutes: 720 },
  standsStill: true,
  disturb: (conditions, { settings: { device, percent }, place, random, at }) => {
    const minute = Math.floor(at / MINUTE_MS);
    if (minute % CYCLE_MINUTES >= TURNING_MINUTES) return conditions;
    return keepAtLeast(conditions, place, device, percent * (0.9 + 0.2 * random.uniformAt(minute)));
  },
  subject: orderSubject,
};
