import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** One of three layers of the absorber is washed: one gas rises, well below its limit, the others do not. */
export const absorberLayerOff: LookAlikeKind = {
  id: 'absorber-layer-off',
  rule: null,
  resembles: 'falsification.correlation',
  also: ['falsification.scaled'],
  trap: 'correlation: one absorber layer off',
  does: 'a gas rises to `factor` of its level, and no other',
  needs: ['signal'],
  defaults: { factor: 1.5, minutes: 480 },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  subject: stackSubject,
};
