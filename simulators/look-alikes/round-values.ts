import { isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const STEP = 5;

/** An old analyser shows steps of five: many values are exactly those that limits are set at. */
export const roundValues: LookAlikeKind = {
  id: 'round-values',
  rule: null,
  resembles: 'falsification.clipped',
  also: ['falsification.digits'],
  trap: 'clipped: rounding to round values',
  does: 'one channel is sent in steps of five',
  needs: ['device', 'signal'],
  defaults: { minutes: 2_880 },
  alter: (report, { settings: { signal }, place }) =>
    isFlagged(report, signal) ? report : mapSignal(report, signal, place, (value) => Math.round(value / STEP) * STEP),
  subject: stackSubject,
};
