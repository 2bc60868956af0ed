import { mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** The line stands as ordered; heating, light and a crane hang on its meter. */
export const heatingAndLighting: LookAlikeKind = {
  id: 'heating-and-lighting',
  rule: null,
  resembles: 'order.shutdown',
  also: ['falsification.meter'],
  trap: 'order: heating and lighting',
  does: 'the line stands still in the order; its meter goes on showing `percent` of its rating',
  needs: ['device', 'line', 'order'],
  defaults: { percent: 6, minutes: 720 },
  standsStill: true,
  alter: (report, { settings, place }) => {
    const ratedKw = place.model.machines.find(({ id }) => id === settings.device)?.ratedKw ?? 0;
    const lightKw = (ratedKw * settings.percent) / 100;
    return mapSignal(report, 'power', place, (value) => Math.max(value, lightKw));
  },
  subject: orderSubject,
};
