import { MINUTE_MS } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The clock of a device is slow. */
export const qualityClockBehind: FaultKind = {
  id: 'quality-clock-behind',
  rule: 'quality.clock',
  also: ['falsification.backfill', 'falsification.rewritten', 'quality.offline'],
  does: 'its clock is `delayMinutes` behind',
  needs: ['device'],
  strengths: {
    weak: { delayMinutes: 11.4, minutes: 120 },
    middle: { delayMinutes: 25.4, minutes: 180 },
    strong: { delayMinutes: 180.4, minutes: 360 },
  },
  alter: (report, { settings }) => ({ ...report, tsAt: report.tsAt - settings.delayMinutes * MINUTE_MS }),
  subject: deviceSubject,
};
