import { MINUTE_MS } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** Nothing arrives for a while; hours later the gap is filled as if it had always been there. */
export const falsificationBackfill: FaultKind = {
  id: 'falsification-backfill',
  rule: 'falsification.backfill',
  also: ['quality.clock', 'quality.invalid-hours', 'quality.offline'],
  does: 'the span is held back, and sent `delayMinutes` after its end, not marked as resent',
  needs: ['device'],
  strengths: {
    weak: { delayMinutes: 70, minutes: 20 },
    middle: { delayMinutes: 300, minutes: 60 },
    strong: { delayMinutes: 1_600, minutes: 240 },
  },
  alter: () => undefined,
  sendAgain: ({ settings, span }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => report,
    isHeldBack: true,
  }),
  subject: deviceSubject,
};
