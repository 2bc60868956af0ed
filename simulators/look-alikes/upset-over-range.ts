import { multiplyGas } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** How far beyond full scale the gas truly stands. */
const BEYOND = 1.8;

/** A true upset: the gas leaves the range of its analyser for some minutes, under flag T. */
export const upsetOverRange: LookAlikeKind = {
  id: 'upset-over-range',
  rule: null,
  resembles: 'falsification.pinned',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  trap: 'pinned: genuine over-range in an upset',
  does: 'a gas is truly beyond full scale for some minutes',
  needs: ['signal'],
  defaults: { minutes: 8 },
  disturb: (conditions, { settings: { signal }, place }) => {
    const usual = place.model.stack.gases[signal]?.convertedMgPerM3 ?? 1;
    return multiplyGas(conditions, signal, (BEYOND * channelOf(place, signal).range[1]) / usual);
  },
  subject: stackSubject,
};
