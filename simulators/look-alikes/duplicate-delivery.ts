import { MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { deviceSubject } from '../faults/subjects.ts';

/** What was delivered is delivered once more, to the letter, as QoS 1 allows. */
export const duplicateDelivery: LookAlikeKind = {
  id: 'duplicate-delivery',
  rule: null,
  resembles: 'falsification.backfill',
  trap: 'backfill: duplicated delivery',
  does: 'the span is sent a second time, `delayMinutes` after it, unchanged',
  needs: ['device'],
  defaults: { delayMinutes: 3, minutes: 60 },
  sendAgain: ({ settings, span }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => report,
  }),
  subject: deviceSubject,
};
