import { gasesOf, isFlagged, isInHourPart, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const AIR_O2_PERCENT = 20.9;
/** What is left of the stack gas in the line while it is blown through. */
const LEFT = 0.15;

/** The sample line is blown through with air for three minutes of every hour; the analyser does not flag it. */
export const purgeAir: LookAlikeKind = {
  id: 'purge-air',
  rule: null,
  resembles: 'falsification.diluted',
  trap: 'diluted: purge air',
  does: 'three minutes of every hour are mostly air',
  needs: ['device'],
  defaults: { minutesEachHour: 3, minutes: 1_440 },
  alter: (report, { settings, place }) => {
    if (!isInHourPart(report.tsAt, settings.minutesEachHour) || isFlagged(report, 'o2')) return report;
    const blown = mapSignal(report, 'o2', place, (o2) => o2 * LEFT + AIR_O2_PERCENT * (1 - LEFT));
    return gasesOf(report, place).reduce((one, gas) => mapSignal(one, gas, place, (value) => value * LEFT), blown);
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
