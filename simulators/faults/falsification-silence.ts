import { multiplyGas } from './alterations.ts';
import { factorToLimit } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** How far over its limit the gas truly stands, in %. */
const TRUE_PERCENT = 140;

/** Whenever the gas is over its limit the monitor loses its line, and never sends what it missed. */
export const falsificationSilence: FaultKind = {
  id: 'falsification-silence',
  rule: 'falsification.silence',
  also: ['limit.day', 'limit.near', 'quality.invalid-hours', 'quality.offline', 'quality.valid-rate'],
  does: 'the gas is far over its hour limit, and the monitor sends nothing; use `every`',
  needs: ['device', 'signal'],
  strengths: { weak: { minutes: 35 }, middle: { minutes: 120 }, strong: { minutes: 360 } },
  disturb: (conditions, { settings: { signal }, place }) =>
    multiplyGas(conditions, signal, factorToLimit(place, signal, TRUE_PERCENT)),
  alter: () => undefined,
  subject: stackSubject,
};
