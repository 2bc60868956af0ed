import { MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { deviceSubject } from '../faults/subjects.ts';

/** After an outage the device sends what it stored, within a day and marked as resent: as the protocol has it. */
export const legalResending: LookAlikeKind = {
  id: 'legal-resending',
  rule: null,
  resembles: 'falsification.backfill',
  also: ['quality.offline'],
  trap: 'backfill: legal re-transmission after an outage',
  does: 'the span is held back, and sent `delayMinutes` after its end, marked as resent',
  needs: ['device'],
  defaults: { delayMinutes: 240, minutes: 120 },
  alter: () => undefined,
  sendAgain: ({ settings, span }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => ({ ...report, isResent: true }),
    isHeldBack: true,
  }),
  subject: deviceSubject,
};
