import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A plant is driven close to its limit, and stays under it. */
export const limitNear: FaultKind = {
  id: 'limit-near',
  rule: 'limit.near',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.surge'],
  does: 'a gas stands at `percent` of its hour limit',
  needs: ['signal'],
  strengths: {
    weak: { percent: 93, minutes: 180 },
    middle: { percent: 95, minutes: 300 },
    strong: { percent: 96, minutes: 720 },
  },
  disturb: (conditions, { settings, place }) =>
    multiplyGas(conditions, settings.signal, factorToLimit(place, settings.signal, settings.percent)),
  subject: stackSubject,
};
