import { gasesOf, isFlagged, mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const AIR_O2_PERCENT = 20.9;

/** A false-air damper protects the filter from heat for half an hour: colder, thinner, and more of it. */
export const damperOpening: LookAlikeKind = {
  id: 'damper-opening',
  rule: null,
  resembles: 'falsification.diluted',
  also: ['falsification.load-mismatch'],
  trap: 'diluted: damper opening',
  does: '`percent` of the stack gas is air, let in on purpose; flow rises, temperature falls',
  needs: ['device'],
  defaults: { percent: 25, minutes: 30 },
  alter: (report, { settings, place }) => {
    const air = settings.percent / 100;
    if (isFlagged(report, 'o2')) return report;
    let thin = mapSignal(report, 'o2', place, (o2) => o2 * (1 - air) + AIR_O2_PERCENT * air);
    thin = mapSignal(thin, 'temp', place, (value) => value * (1 - air * 0.8));
    for (const signal of ['flow', 'velocity']) thin = mapSignal(thin, signal, place, (value) => value / (1 - air));
    return gasesOf(report, place).reduce((one, gas) => mapSignal(one, gas, place, (value) => value * (1 - air)), thin);
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
