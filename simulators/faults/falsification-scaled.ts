import { isFlagged, mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** The gain of one channel is turned down behind the instrument; nothing is declared, and calibrations look right. */
export const falsificationScaled: FaultKind = {
  id: 'falsification-scaled',
  rule: 'falsification.scaled',
  also: ['falsification.correlation'],
  does: 'one channel shows `factor` of what it measures',
  needs: ['device', 'signal'],
  strengths: {
    weak: { factor: 0.9, minutes: 10_080 },
    middle: { factor: 0.8, minutes: 10_080 },
    strong: { factor: 0.5, minutes: 10_080 },
  },
  alter: (report, { settings: { signal, factor }, place }) =>
    isFlagged(report, signal) ? report : mapSignal(report, signal, place, (value) => value * factor),
  subject: stackSubject,
};
