import { gasesOf, isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const AIR_O2_PERCENT = 20.9;

/** A leaking duct draws air into the stack: gases thin, oxygen and flow rise together, converted values stay. */
export const airInLeak: LookAlikeKind = {
  id: 'air-in-leak',
  rule: null,
  resembles: 'falsification.oxygen',
  also: ['falsification.load-mismatch'],
  trap: 'oxygen: air in-leak',
  does: '`percent` of what goes up the stack is air that leaked in, and the flow shows it',
  needs: ['device'],
  defaults: { percent: 12, minutes: 2_880 },
  alter: (report, { settings, place }) => {
    const air = settings.percent / 100;
    if (isFlagged(report, 'o2')) return report;
    const mixed = mapSignal(report, 'o2', place, (o2) => o2 * (1 - air) + AIR_O2_PERCENT * air);
    const more = ['flow', 'velocity'].reduce(
      (one, signal) => mapSignal(one, signal, place, (value) => value / (1 - air)),
      mixed,
    );
    return gasesOf(report, place).reduce((one, gas) => mapSignal(one, gas, place, (value) => value * (1 - air)), more);
  },
  subject: (_settings, place) => stackSubject({ signal: 'o2' }, place),
};
