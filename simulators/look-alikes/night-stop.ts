import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The line stands every night; use `every: P1D`. */
export const nightStop: LookAlikeKind = {
  id: 'night-stop',
  rule: null,
  resembles: 'falsification.replay',
  trap: 'replay: night idle',
  does: 'the line stands still for eight hours; use `every`',
  needs: ['line'],
  defaults: { minutes: 480 },
  standsStill: true,
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
