import { gasesOf, HOUR_MS, MINUTE_MS, withValuesOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const PURGE_EVERY_MS = 4 * HOUR_MS;
const PURGE_MS = 7 * MINUTE_MS;

/** The probe is blown through every few hours; meanwhile the analyser holds what it showed last. */
export const holdInBackPurge: LookAlikeKind = {
  id: 'hold-in-back-purge',
  rule: null,
  resembles: 'falsification.frozen',
  trap: 'frozen: analyser hold during calibration or back-purge',
  does: 'every gas is held for seven minutes every four hours',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alter: (report, { place, pristineAt, everyMs }) => {
    const sinceMs = ((report.tsAt % PURGE_EVERY_MS) + PURGE_EVERY_MS) % PURGE_EVERY_MS;
    if (sinceMs >= PURGE_MS) return report;
    const heldAt = Math.ceil((report.tsAt - sinceMs + report.periodMs) / everyMs) * everyMs;
    return withValuesOf(report, pristineAt(heldAt), gasesOf(report, place));
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
