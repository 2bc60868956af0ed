import { gasesOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The device converts minute by minute and then takes the mean: its converted means differ a little from ours. */
const OTHER_WAY = 1.004;

export const otherBases: LookAlikeKind = {
  id: 'other-bases',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: wet, dry and converted bases',
  does: 'converted values of the own means (`means`) are 0.4 % higher, measured ones are exact',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, { place }) => {
    const values = { ...mean.values };
    for (const gas of gasesOf(mean, place)) {
      const value = values[gas];
      if (typeof value !== 'object' || value.converted === undefined) continue;
      values[gas] = { ...value, converted: value.converted * OTHER_WAY };
    }
    return { ...mean, values };
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
