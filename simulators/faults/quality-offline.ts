import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** A device falls silent, and does not send later what it missed. */
export const qualityOffline: FaultKind = {
  id: 'quality-offline',
  rule: 'quality.offline',
  also: ['order.unproven', 'quality.invalid-hours', 'quality.valid-rate', 'quality.video'],
  does: 'nothing is sent, then or later',
  needs: ['device'],
  strengths: { weak: { minutes: 20 }, middle: { minutes: 120 }, strong: { minutes: 720 } },
  alter: () => undefined,
  subject: deviceSubject,
};
