import { gasesOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The device caps its conversion to the reference oxygen, as rules for start-ups allow: many of its converted means tie. */
export const cappedConversion: LookAlikeKind = {
  id: 'capped-conversion',
  rule: null,
  resembles: 'falsification.clipped',
  also: ['falsification.average-mismatch'],
  trap: 'clipped: cap by rule',
  does: 'the own means (`means`) are converted as if oxygen were never above that of full load',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, { place }) => {
    const { stack } = place.model;
    const most = (21 - (stack.o2ReferencePercent ?? 0)) / (21 - stack.o2FullLoadPercent);
    const values = { ...mean.values };
    for (const gas of gasesOf(mean, place)) {
      const value = values[gas];
      if (typeof value !== 'object' || value.avg === undefined || value.converted === undefined) continue;
      values[gas] = { ...value, converted: Math.min(value.converted, value.avg * most) };
    }
    return { ...mean, values };
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
