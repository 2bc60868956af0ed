import { firstGoodReport, flagAll } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** The line between analyser and logger is broken: the logger repeats all it knew last, and says so with flag B. */
export const loggerHoldsLast: LookAlikeKind = {
  id: 'logger-holds-last',
  rule: null,
  resembles: 'falsification.frozen',
  also: ['quality.invalid-hours'],
  trap: 'frozen: last value held by the logger',
  does: 'every channel repeats its last value under flag B',
  needs: ['device'],
  defaults: { minutes: 50 },
  alter: (report, scene) => {
    const held = firstGoodReport(scene, report.periodMs);
    return held === undefined ? report : flagAll({ ...report, values: held.values }, 'B');
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
