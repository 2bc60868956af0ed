import { meanOfOtherSpan } from '../faults/alterations.ts';
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
  alterMean: (mean, scene) =>
    meanOfOtherSpan(mean, scene, scene.settings.signal, {
      fromAt: mean.tsAt - scene.everyMs,
      toAt: mean.tsAt + mean.periodMs - scene.everyMs,
    }),
  subject: stackSubject,
};
