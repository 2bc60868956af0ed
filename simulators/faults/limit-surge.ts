import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A puff: a gas jumps and is gone again, within tens of minutes. */
export const limitSurge: FaultKind = {
  id: 'limit-surge',
  rule: 'limit.surge',
  also: ['falsification.pinned', 'limit.day', 'limit.forecast', 'limit.hour', 'limit.near'],
  does: 'a gas jumps up by `percent` of its hour limit; lay it to a whole ten minutes',
  needs: ['signal'],
  strengths: {
    weak: { percent: 72, minutes: 20 },
    middle: { percent: 100, minutes: 20 },
    strong: { percent: 160, minutes: 30 },
  },
  disturb: (conditions, { settings, place }) =>
    multiplyGas(conditions, settings.signal, 1 + factorToLimit(place, settings.signal, settings.percent)),
  subject: stackSubject,
};
