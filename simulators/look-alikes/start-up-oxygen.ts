import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** A short stop and a start: oxygen is that of air while fans and drives turn already, and marks say why. */
export const startUpOxygen: LookAlikeKind = {
  id: 'start-up-oxygen',
  rule: null,
  resembles: 'falsification.oxygen',
  trap: 'oxygen: start-up and stop drive oxygen to that of air',
  does: 'the line stops and starts again, as declared',
  needs: ['line'],
  defaults: { minutes: 150 },
  standsStill: true,
  subject: (_settings, place) => stackSubject({ signal: 'o2' }, place),
};
