import type { FaultKind } from './fault.ts';

/** A device falls silent, and does not send later what it missed. */
export const qualityOffline: FaultKind = {
  id: 'quality-offline',
  rule: 'quality.offline',
  needs: ['device'],
  defaults: {},
  alter: () => undefined,
  subject: ({ device }) => ({ device }),
};
