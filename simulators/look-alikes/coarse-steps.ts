import { isFlagged, mapSignal, stepOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const TIMES = 20;

/** A channel of few steps: its digits are anything but evenly spread. */
export const coarseSteps: LookAlikeKind = {
  id: 'coarse-steps',
  rule: null,
  resembles: 'falsification.digits',
  trap: 'digits: coarse steps',
  does: 'one channel is sent in steps twenty times its resolution',
  needs: ['device', 'signal'],
  defaults: { minutes: 2_880 },
  alter: (report, { settings: { signal }, place }) => {
    const step = TIMES * stepOf(place, signal);
    return isFlagged(report, signal)
      ? report
      : mapSignal(report, signal, place, (value) => Math.round(value / step) * step);
  },
  subject: stackSubject,
};
