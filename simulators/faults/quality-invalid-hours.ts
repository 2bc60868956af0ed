import { flagAll, isInHourPart } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The analyser is broken for most of a shift and says so: enough of each hour is flagged D. */
export const qualityInvalidHours: FaultKind = {
  id: 'quality-invalid-hours',
  rule: 'quality.invalid-hours',
  also: ['quality.valid-rate', 'falsification.flag-abuse'],
  does: '`minutesEachHour` of each hour are flagged D',
  needs: ['device'],
  strengths: {
    weak: { minutesEachHour: 18, minutes: 300 },
    middle: { minutesEachHour: 60, minutes: 660 },
    strong: { minutesEachHour: 60, minutes: 1_380 },
  },
  alter: (report, { settings }) =>
    isInHourPart(report.tsAt, settings.minutesEachHour) ? flagAll(report, 'D') : report,
  subject: deviceSubject,
};
