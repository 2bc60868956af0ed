import { multiplyGas } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** At this rate the cap of tonnes will be passed before its period is over. */
export const limitTotalForecast: FaultKind = {
  id: 'limit-total-forecast',
  rule: 'limit.total-forecast',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge', 'limit.total'],
  does: 'a gas is higher by `factor`, so that the cap of the outlet (`caps`) will not last',
  needs: ['signal'],
  strengths: {
    weak: { factor: 1.25, minutes: 2_880 },
    middle: { factor: 1.4, minutes: 2_880 },
    strong: { factor: 1.65, minutes: 2_880 },
  },
  disturb: (conditions, { settings: { signal, factor } }) => multiplyGas(conditions, signal, factor),
  subject: stackSubject,
};
