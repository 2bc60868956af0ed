import { multiplyGas, type FaultKind } from './fault.ts';

/** A cleaning stage loses its grip for hours: one gas rises, and the analyser says so. */
export const limitHour: FaultKind = {
  id: 'limit-hour',
  rule: 'limit.hour',
  needs: ['signal'],
  defaults: { factor: 2.2 },
  disturb: (conditions, { signal, factor }) => multiplyGas(conditions, signal, factor),
  subject: ({ signal }, { outlet, stackDevice }) => ({ outlet, device: stackDevice, signal }),
};
