import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** Something fails at once at the begin of an hour: long before its end the hour can no longer be saved. */
export const limitForecast: FaultKind = {
  id: 'limit-forecast',
  rule: 'limit.forecast',
  also: ['falsification.pinned', 'limit.day', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'a gas is thrown to `percent` of its hour limit; lay it to the begin of an hour',
  needs: ['signal'],
  strengths: {
    weak: { percent: 190, minutes: 57 },
    middle: { percent: 230, minutes: 60 },
    strong: { percent: 290, minutes: 120 },
  },
  disturb: (conditions, { settings, place }) =>
    multiplyGas(conditions, settings.signal, factorToLimit(place, settings.signal, settings.percent)),
  subject: stackSubject,
};
