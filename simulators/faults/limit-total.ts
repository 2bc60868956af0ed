import { multiplyGas } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** More is let out than the permit's cap of tonnes has room for. */
export const limitTotal: FaultKind = {
  id: 'limit-total',
  rule: 'limit.total',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge', 'limit.total-forecast'],
  does: 'a gas is higher by `factor` for so long that the cap of the outlet (`caps`) is passed',
  needs: ['signal'],
  strengths: {
    weak: { factor: 1.25, minutes: 2_880 },
    middle: { factor: 1.4, minutes: 2_880 },
    strong: { factor: 1.65, minutes: 2_880 },
  },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  subject: stackSubject,
};
