import { gasesOf, mapSignal } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** How many times its noise a gas must stand above nothing for an analyser to show it. */
const VISIBLE_NOISES = 6;

/** The line stands still, and the analyser shows what there is: nothing at all, hour after hour. */
export const idleAtZero: LookAlikeKind = {
  id: 'idle-at-zero',
  rule: null,
  resembles: 'falsification.frozen',
  trap: 'frozen: plant idle at true zero',
  does: 'the line stands still, and every gas shows exactly nothing',
  needs: ['device', 'line'],
  defaults: { minutes: 720 },
  standsStill: true,
  alter: (report, { place }) =>
    gasesOf(report, place).reduce((one, gas) => {
      const visible = VISIBLE_NOISES * channelOf(place, gas).noise;
      return mapSignal(one, gas, place, (value) => (value < visible ? 0 : value));
    }, report),
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
