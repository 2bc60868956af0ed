import { flagAll, HOUR_MS } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The analyser is out of order again and again: too many hours of the quarter are worth nothing. */
export const qualityValidRate: FaultKind = {
  id: 'quality-valid-rate',
  rule: 'quality.valid-rate',
  also: ['falsification.flag-abuse', 'quality.invalid-hours'],
  does: '`percent` of the hours, here and there, are flagged D',
  needs: ['device'],
  strengths: {
    weak: { percent: 32, minutes: 43_200 },
    middle: { percent: 45, minutes: 43_200 },
    strong: { percent: 70, minutes: 43_200 },
  },
  alter: (report, { settings, random }) => {
    const hour = Math.floor(report.tsAt / HOUR_MS);
    return random.uniformAt(hour) < settings.percent / 100 ? flagAll(report, 'D') : report;
  },
  subject: deviceSubject,
};
