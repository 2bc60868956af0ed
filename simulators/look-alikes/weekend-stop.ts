import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The line stands over the weekend: two idle days look like each other. */
export const weekendStop: LookAlikeKind = {
  id: 'weekend-stop',
  rule: null,
  resembles: 'falsification.replay',
  trap: 'replay: weekend',
  does: 'the line stands still for two days',
  needs: ['line'],
  defaults: { minutes: 2_880 },
  standsStill: true,
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
