import { MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

/** The network of a district fails: many sites fall silent at once, and send everything later, marked as resent. */
export const networkOutage: LookAlikeKind = {
  id: 'network-outage',
  rule: null,
  resembles: 'falsification.silence',
  also: ['quality.offline'],
  trap: 'silence: network outage of many sites',
  does: 'the named devices send nothing, and all of it `delayMinutes` after the end, marked as resent',
  needs: ['devices'],
  defaults: { delayMinutes: 2, minutes: 150 },
  alter: () => undefined,
  sendAgain: ({ settings, span }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => ({ ...report, isResent: true }),
    isHeldBack: true,
  }),
  subject: ({ devices }) => ({ device: devices[0] ?? '' }),
};
