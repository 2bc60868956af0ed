import { flagSignals, gasesOf, mapSignal, MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Local minute at which it begins, and how long it lasts. */
const BEGINS_MINUTE = 10 * 60 + 5;
const LASTS_MINUTES = 14;

/** A second calibration at the same time of every day, in the busiest hour as it happens. */
export const fixedTimeCalibration: LookAlikeKind = {
  id: 'fixed-time-calibration',
  rule: null,
  resembles: 'falsification.flag-abuse',
  trap: 'flag-abuse: fixed-time calibration',
  does: 'every gas shows zero gas under flag C for 14 minutes of every day, declared',
  needs: ['device'],
  defaults: { minutes: 7_200 },
  alter: (report, { place }) => {
    const since = place.minuteOfDay(report.tsAt) - BEGINS_MINUTE;
    if (since < 0 || since >= LASTS_MINUTES) return report;
    const gases = gasesOf(report, place);
    const shown = gases.reduce((one, gas) => mapSignal(one, gas, place, () => 0), flagSignals(report, gases, 'C'));
    const untilAt = report.tsAt + LASTS_MINUTES * MINUTE_MS;
    return since < 1 ? { ...shown, mark: { state: 'calibration', untilAt } } : shown;
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
