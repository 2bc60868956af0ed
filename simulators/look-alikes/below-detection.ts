import { isFlagged, mapSignal, multiplyGas } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Detection limit of an analyser, as a share of its full scale (HJ 76: about 2 %; good ones do better). */
const DETECTION_SHARE = 0.008;

/** There is less of the gas than the analyser can tell: it reports half of its detection limit, as it is told to. */
export const belowDetection: LookAlikeKind = {
  id: 'below-detection',
  rule: null,
  resembles: 'falsification.frozen',
  also: ['falsification.smooth'],
  trap: 'frozen: reporting below detection',
  does: 'a gas is at `factor` of its level, and what is below detection is shown as half the detection limit',
  needs: ['device', 'signal'],
  defaults: { factor: 0.13, minutes: 2_880 },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  alter: (report, { settings: { signal }, place }) => {
    const detection = channelOf(place, signal).range[1] * DETECTION_SHARE;
    if (isFlagged(report, signal)) return report;
    return mapSignal(report, signal, place, (value) => (value < detection ? detection / 2 : value));
  },
  subject: stackSubject,
};
