import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Cleaning so good that hardly anything is left: the channel shows its own noise, whatever the load does. */
export const nearZeroAbatement: LookAlikeKind = {
  id: 'near-zero-abatement',
  rule: null,
  resembles: 'falsification.smooth',
  also: ['falsification.frozen', 'falsification.correlation'],
  trap: 'smooth: abatement near zero',
  does: 'a gas is at `factor` of its level',
  needs: ['signal'],
  defaults: { factor: 0.06, minutes: 2_880 },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  subject: stackSubject,
};
