import { isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The data logger sends whole numbers. */
export const wholeNumberRounding: LookAlikeKind = {
  id: 'whole-number-rounding',
  rule: null,
  resembles: 'falsification.frozen',
  also: ['falsification.digits'],
  trap: 'frozen: integer rounding',
  does: 'one channel is sent in whole numbers',
  needs: ['device', 'signal'],
  defaults: { minutes: 2_880 },
  alter: (report, { settings: { signal }, place }) =>
    isFlagged(report, signal) ? report : mapSignal(report, signal, place, Math.round),
  subject: stackSubject,
};
