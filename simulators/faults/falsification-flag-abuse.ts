import { flagSignals, isInHourPart, multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** How far over its limit the gas truly stands, in %. */
const TRUE_PERCENT = 140;

/** The gas is over its limit, and just then somebody seems to work on the analyser: enough of each hour is flagged. */
export const falsificationFlagAbuse: FaultKind = {
  id: 'falsification-flag-abuse',
  rule: 'falsification.flag-abuse',
  also: [
    'limit.day',
    'limit.forecast',
    'limit.hour',
    'limit.near',
    'limit.surge',
    'quality.invalid-hours',
    'quality.valid-rate',
  ],
  does: 'the gas is far over its hour limit, and `minutesEachHour` of each hour are under `flag`',
  needs: ['device', 'signal'],
  strengths: {
    weak: { flag: 'C', minutesEachHour: 18, minutes: 180 },
    middle: { flag: 'M', minutesEachHour: 40, minutes: 360 },
    strong: { flag: 'M', minutesEachHour: 60, minutes: 720 },
  },
  disturb: (conditions, { settings: { signal }, place }) =>
    multiplyGas(conditions, signal, factorToLimit(place, signal, TRUE_PERCENT)),
  alter: (report, { settings: { signal, flag, minutesEachHour } }) =>
    isInHourPart(report.tsAt, minutesEachHour) ? flagSignals(report, [signal], flag) : report,
  subject: stackSubject,
};
