import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A cleaning stage loses its grip for hours: one gas rises, and the analyser says so. */
export const limitHour: FaultKind = {
  id: 'limit-hour',
  rule: 'limit.hour',
  also: ['falsification.pinned', 'limit.day', 'limit.forecast', 'limit.near', 'limit.surge'],
  does: 'a gas rises to `percent` of its hour limit, or by `factor`, and the monitor says so',
  needs: ['signal'],
  may: ['factor'],
  strengths: {
    weak: { percent: 114, minutes: 180 },
    middle: { percent: 130, minutes: 240 },
    strong: { percent: 170, minutes: 480 },
  },
  disturb: (conditions, { settings: { signal, percent, factor }, place }) =>
    multiplyGas(conditions, signal, factor === 1 ? factorToLimit(place, signal, percent) : factor),
  subject: stackSubject,
};
