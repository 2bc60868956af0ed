import { mapMean } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** The minutes are true; the means that the device makes of them are not. */
export const falsificationAverageMismatch: FaultKind = {
  id: 'falsification-average-mismatch',
  rule: 'falsification.average-mismatch',
  does: 'the own means (`means`) of one channel are `factor` of what its minutes make',
  needs: ['device', 'signal'],
  strengths: {
    weak: { factor: 0.97, minutes: 180 },
    middle: { factor: 0.9, minutes: 360 },
    strong: { factor: 0.6, minutes: 1_440 },
  },
  alterMean: (mean, { settings: { signal, factor }, place }) => mapMean(mean, signal, place, (value) => value * factor),
  subject: stackSubject,
};
