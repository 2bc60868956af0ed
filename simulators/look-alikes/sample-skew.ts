import { mapMean, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The clock of the mean is one sample off: it takes in the last minute of the hour before and leaves out its own last. */
export const sampleSkew: LookAlikeKind = {
  id: 'sample-skew',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: clock skew of one sample',
  does: 'the own means (`means`) of one channel are one minute off',
  needs: ['device', 'signal'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, { settings: { signal }, place, pristineAt, everyMs }) => {
    const count = mean.periodMs / everyMs;
    const before = numberOf(pristineAt(mean.tsAt).values[signal]) ?? 0;
    const last = numberOf(pristineAt(mean.tsAt + mean.periodMs).values[signal]) ?? 0;
    return mapMean(mean, signal, place, (avg) => avg + (before - last) / count);
  },
  subject: stackSubject,
};
