import { isFlagged, mapSignal, multiplyGas } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** How far the zero lies below nothing, in standard deviations of the noise. */
const BELOW_NOISES = 1.2;

/** Hardly any gas, and a zero that has drifted a little below nothing: what would be negative is shown as zero. */
export const zeroDriftCut: LookAlikeKind = {
  id: 'zero-drift-cut',
  rule: null,
  resembles: 'falsification.pinned',
  also: ['falsification.frozen'],
  trap: 'pinned: negative zero drift cut at zero',
  does: 'a gas is at `factor` of its level, and every other minute is cut at zero',
  needs: ['device', 'signal'],
  defaults: { factor: 0.1, minutes: 1_440 },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  alter: (report, { settings: { signal }, place }) =>
    isFlagged(report, signal)
      ? report
      : mapSignal(report, signal, place, (value) => value - BELOW_NOISES * channelOf(place, signal).noise),
  subject: stackSubject,
};
