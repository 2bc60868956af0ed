import { keepAtLeast } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** The line stands as ordered; its treatment runs on, because water must not freeze in it. */
export const pumpsInOrder: LookAlikeKind = {
  id: 'pumps-in-order',
  rule: null,
  resembles: 'order.shutdown',
  trap: 'order: pumps',
  does: 'the line stands still in the order; a machine of its treatment takes `percent` of its rating',
  needs: ['device', 'line', 'order'],
  defaults: { percent: 60, minutes: 720 },
  standsStill: true,
  disturb: (conditions, { settings: { device, percent }, place }) => keepAtLeast(conditions, place, device, percent),
  subject: orderSubject,
};
