import { multiplyGas, type FaultKind } from './fault.ts';

/** A gas stands a little too high for a whole day: no single hour is over its own limit. */
export const limitDay: FaultKind = {
  id: 'limit-day',
  rule: 'limit.day',
  needs: ['signal'],
  defaults: { factor: 1.65 },
  disturb: (conditions, { signal, factor }) => multiplyGas(conditions, signal, factor),
  subject: ({ signal }, { outlet, stackDevice }) => ({ outlet, device: stackDevice, signal }),
};
