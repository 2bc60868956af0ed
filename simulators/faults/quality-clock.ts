import type { FaultKind } from './fault.ts';

const MINUTE_MS = 60_000;

/** The clock of a device runs ahead. */
export const qualityClock: FaultKind = {
  id: 'quality-clock',
  rule: 'quality.clock',
  needs: ['device'],
  // Not a whole number of minutes: when the clock is put right, no instant is reported twice.
  defaults: { aheadMinutes: 7.4 },
  alter: (report, { settings }) => ({ ...report, tsAt: report.tsAt + settings.aheadMinutes * MINUTE_MS }),
  subject: ({ device }) => ({ device }),
};
