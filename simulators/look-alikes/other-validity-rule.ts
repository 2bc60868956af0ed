import { mapMean, MINUTE_MS, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** A device whose means leave out the two minutes after each calibration, as its maker has it. */
export const otherValidityRule: LookAlikeKind = {
  id: 'other-validity-rule',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: other validity rule',
  does: 'the own means (`means`) of one channel leave out the first two minutes of each period',
  needs: ['device', 'signal'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, { settings: { signal }, place, pristineAt, everyMs }) => {
    const count = mean.periodMs / everyMs;
    const left = [1, 2].map((index) => numberOf(pristineAt(mean.tsAt + index * MINUTE_MS).values[signal]) ?? 0);
    const without = (avg: number): number => (avg * count - (left[0] ?? 0) - (left[1] ?? 0)) / (count - left.length);
    return mapMean(mean, signal, place, without);
  },
  subject: stackSubject,
};
