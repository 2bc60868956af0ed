import type { FaultKind } from './fault.ts';

/** Wet waste: the furnace burns too cold for a while. */
export const limitPeriod: FaultKind = {
  id: 'limit-period',
  rule: 'limit.period',
  needs: [],
  defaults: { dropC: 130 },
  disturb: (conditions, { dropC }) => ({ ...conditions, furnaceDropC: conditions.furnaceDropC + dropC }),
  subject: (_settings, { outlet, stackDevice }) => ({ outlet, device: stackDevice, signal: 'furnace-temp' }),
};
