import { MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { deviceSubject } from '../faults/subjects.ts';

/** A gateway restarts and is some minutes slow until it has found its time server again. */
export const gatewayClockReset: LookAlikeKind = {
  id: 'gateway-clock-reset',
  rule: null,
  resembles: 'falsification.backfill',
  also: ['falsification.rewritten'],
  trap: 'backfill: gateway clock reset',
  does: 'its clock is `delayMinutes` behind for a quarter of an hour',
  needs: ['device'],
  defaults: { delayMinutes: 4.5, minutes: 15 },
  alter: (report, { settings }) => ({ ...report, tsAt: report.tsAt - settings.delayMinutes * MINUTE_MS }),
  subject: deviceSubject,
};
