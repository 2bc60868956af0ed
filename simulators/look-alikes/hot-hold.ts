import { mapSignal, tickOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { orderSubject } from '../faults/subjects.ts';

/** A kiln that may not cool down: it stands as ordered, and is turned slowly on its barring gear. */
export const hotHold: LookAlikeKind = {
  id: 'hot-hold',
  rule: null,
  resembles: 'order.shutdown',
  also: ['falsification.meter'],
  trap: 'order: unit that may not cool down',
  does: 'the line stands still in the order; its drive takes `percent` of its range now and then, below what counts as on',
  needs: ['device', 'line', 'order'],
  defaults: { percent: 9, minutes: 720 },
  standsStill: true,
  alter: (report, scene) => {
    const { settings, place, random } = scene;
    const ratedKw = place.model.machines.find(({ id }) => id === settings.device)?.ratedKw ?? 0;
    const turns = tickOf(report, scene) % 30 < 12;
    const holdKw = ratedKw * (settings.percent / 100) * (0.9 + 0.2 * random.uniformAt(tickOf(report, scene)));
    return turns ? mapSignal(report, 'power', place, (value) => Math.max(value, holdKw)) : report;
  },
  subject: orderSubject,
};
