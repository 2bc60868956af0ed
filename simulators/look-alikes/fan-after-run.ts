import type { LookAlikeKind } from '../faults/fault.ts';

/** A stop and a start: fans run on after it and begin before it. */
export const fanAfterRun: LookAlikeKind = {
  id: 'fan-after-run',
  rule: null,
  resembles: 'treatment.off',
  trap: 'treatment: pre-start and after-run of fans',
  does: 'the line stops for a while; its treatment runs on, and is on again before it',
  needs: ['line'],
  defaults: { minutes: 180 },
  standsStill: true,
  subject: ({ line }) => ({ line }),
};
