import { isFlagged, mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** Oxygen is shown lower than it is, so that every converted value comes out lower. */
export const falsificationOxygenLow: FaultKind = {
  id: 'falsification-oxygen-low',
  rule: 'falsification.oxygen',
  also: ['falsification.correlation', 'falsification.scaled'],
  does: 'oxygen shows `factor` of what it is',
  needs: ['device'],
  strengths: {
    weak: { factor: 0.85, minutes: 4_320 },
    middle: { factor: 0.7, minutes: 4_320 },
    strong: { factor: 0.4, minutes: 4_320 },
  },
  alter: (report, { settings: { factor }, place }) =>
    isFlagged(report, 'o2') ? report : mapSignal(report, 'o2', place, (value) => value * factor),
  subject: (_settings, place) => stackSubject({ signal: 'o2' }, place),
};
