import { keepAtLeast } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** The line stands as ordered; heating, light and a crane hang on its meter. */
export const heatingAndLighting: LookAlikeKind = {
  id: 'heating-and-lighting',
  rule: null,
  resembles: 'order.shutdown',
  trap: 'order: heating and lighting',
  does: 'the line stands still in the order; its meter goes on showing `percent` of its rating',
  needs: ['device', 'line', 'order'],
  defaults: { percent: 6, minutes: 720 },
  standsStill: true,
  disturb: (conditions, { settings: { device, percent }, place }) => keepAtLeast(conditions, place, device, percent),
  subject: orderSubject,
};
