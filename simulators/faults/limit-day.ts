import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A gas stands a little too high for a whole day: no single hour is over its own limit. */
export const limitDay: FaultKind = {
  id: 'limit-day',
  rule: 'limit.day',
  also: ['limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'a gas stands at `percent` of its day limit, or higher by `factor`, for whole days',
  needs: ['signal'],
  may: ['factor'],
  strengths: {
    weak: { percent: 102.5, minutes: 1_440 },
    middle: { percent: 105, minutes: 1_440 },
    strong: { percent: 112, minutes: 2_880 },
  },
  disturb: (conditions, { settings: { signal, percent, factor }, place }) =>
    multiplyGas(conditions, signal, factor === 1 ? factorToLimit(place, signal, percent, 'P1D') : factor),
  subject: stackSubject,
};
