import { isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** A dryer without a meter blows into the same stack for some hours: more flow at the same production. */
export const sharedStack: LookAlikeKind = {
  id: 'shared-stack',
  rule: null,
  resembles: 'falsification.load-mismatch',
  also: ['falsification.correlation'],
  trap: 'load-mismatch: shared stack',
  does: 'flow and velocity are `factor` of what the line makes',
  needs: ['device'],
  defaults: { factor: 1.25, minutes: 480 },
  alter: (report, { settings: { factor }, place }) =>
    ['flow', 'velocity'].reduce(
      (one, signal) => (isFlagged(one, signal) ? one : mapSignal(one, signal, place, (value) => value * factor)),
      report,
    ),
  subject: (_settings, place) => stackSubject({ signal: 'flow' }, place),
};
