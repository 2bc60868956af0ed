import { DAY_MINUTES, flagSignals, gasesOf, mapSignal, MINUTE_MS } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Local minute at which it begins, and the steps of it in % of full scale, a minute each. */
const BEGINS_MINUTE = 5 * 60 + 30;
const STEPS_PERCENT = [0, 0, 20, 40, 60, 80, 80, 40, 0, 0] as const;

/** The analyser plays itself the same test every morning, under flag C and a calibration mark. */
export const testSignal: LookAlikeKind = {
  id: 'test-signal',
  rule: null,
  resembles: 'falsification.replay',
  also: ['falsification.flag-abuse'],
  trap: 'replay: test signal',
  does: 'every gas goes through the same ten steps every morning, under flag C',
  needs: ['device'],
  defaults: { minutes: 5 * DAY_MINUTES },
  alter: (report, { place }) => {
    const step = Math.round(place.minuteOfDay(report.tsAt) - BEGINS_MINUTE);
    const percent = STEPS_PERCENT[step];
    if (percent === undefined) return report;
    const gases = gasesOf(report, place);
    const tested = gases.reduce(
      (one, gas) => mapSignal(one, gas, place, () => (channelOf(place, gas).range[1] * percent) / 100),
      flagSignals(report, gases, 'C'),
    );
    const untilAt = report.tsAt + STEPS_PERCENT.length * MINUTE_MS;
    return step === 0 ? { ...tested, mark: { state: 'calibration', untilAt } } : tested;
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
