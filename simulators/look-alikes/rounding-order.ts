import { gasesOf, stepOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The device rounds its means down to the steps of its minutes, as integer arithmetic does. */
export const roundingOrder: LookAlikeKind = {
  id: 'rounding-order',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: order of rounding',
  does: 'the own means (`means`) of every gas are cut to the steps of its minutes',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, { place }) => {
    const values = { ...mean.values };
    for (const gas of gasesOf(mean, place)) {
      const value = values[gas];
      if (typeof value !== 'object' || value.avg === undefined) continue;
      const step = stepOf(place, gas);
      values[gas] = { ...value, avg: Math.round(Math.floor(value.avg / step) * step * 1e6) / 1e6 };
    }
    return { ...mean, values };
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
