import { MINUTE_MS } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The clock of a device runs ahead. */
export const qualityClock: FaultKind = {
  id: 'quality-clock',
  rule: 'quality.clock',
  also: ['quality.offline'],
  does: 'its clock is `aheadMinutes` ahead',
  needs: ['device'],
  // Never a whole number of minutes: when the clock is put right, no instant is reported twice.
  strengths: {
    weak: { aheadMinutes: 6.4, minutes: 30 },
    middle: { aheadMinutes: 7.4, minutes: 120 },
    strong: { aheadMinutes: 95.4, minutes: 360 },
  },
  alter: (report, { settings }) => ({ ...report, tsAt: report.tsAt + settings.aheadMinutes * MINUTE_MS }),
  subject: deviceSubject,
};
