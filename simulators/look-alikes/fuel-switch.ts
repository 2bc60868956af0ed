import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** From solid fuel to gas for a day: sulphur all but vanishes, dust falls, and they no longer move with nitrogen. */
export const fuelSwitch: LookAlikeKind = {
  id: 'fuel-switch',
  rule: null,
  resembles: 'falsification.correlation',
  also: ['falsification.scaled'],
  trap: 'correlation: fuel switch',
  does: 'sulphur falls to 20 %, dust to 60 %, nitrogen rises by 8 %',
  needs: [],
  defaults: { minutes: 1_440 },
  disturb: (conditions) => multiplyGas(multiplyGas(multiplyGas(conditions, 'so2', 0.2), 'pm', 0.6), 'nox', 1.08),
  subject: (_settings, place) => stackSubject({ signal: 'so2' }, place),
};
