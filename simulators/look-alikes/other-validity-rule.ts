import { meanOfOtherSpan, MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const LEFT_OUT_MS = 2 * MINUTE_MS;

/** A device whose means leave out the first two minutes, in which its maker expects the rest of a calibration. */
export const otherValidityRule: LookAlikeKind = {
  id: 'other-validity-rule',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: other validity rule',
  does: 'the own means (`means`) of one channel leave out the first two minutes of each period',
  needs: ['device', 'signal'],
  defaults: { minutes: 1_440 },
  alterMean: (mean, scene) =>
    meanOfOtherSpan(mean, scene, scene.settings.signal, {
      fromAt: mean.tsAt + LEFT_OUT_MS,
      toAt: mean.tsAt + mean.periodMs,
    }),
  subject: stackSubject,
};
