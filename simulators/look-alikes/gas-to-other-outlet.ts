import { isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Part of the gas dries raw meal and leaves through another stack, as the process has it. */
export const gasToOtherOutlet: LookAlikeKind = {
  id: 'gas-to-other-outlet',
  rule: null,
  resembles: 'falsification.load-mismatch',
  also: ['falsification.correlation'],
  trap: 'load-mismatch: gas to another outlet',
  does: 'flow and velocity fall to `factor` at the same production',
  needs: ['device'],
  defaults: { factor: 0.55, minutes: 480 },
  alter: (report, { settings: { factor }, place }) =>
    ['flow', 'velocity'].reduce(
      (one, signal) => (isFlagged(one, signal) ? one : mapSignal(one, signal, place, (value) => value * factor)),
      report,
    ),
  subject: (_settings, place) => stackSubject({ signal: 'flow' }, place),
};
