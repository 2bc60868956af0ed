import type { FaultKind } from './fault.ts';

/** Somebody holds one channel: it repeats the value that it showed when the hold began. */
export const falsificationFrozen: FaultKind = {
  id: 'falsification-frozen',
  rule: 'falsification.frozen',
  needs: ['device', 'signal'],
  defaults: {},
  alter: (report, { settings, span, everyMs, pristineAt }) => {
    const firstTickAt = Math.ceil((span.fromAt + report.periodMs) / everyMs) * everyMs;
    const held = pristineAt(firstTickAt).values[settings.signal];
    return held === undefined ? report : { ...report, values: { ...report.values, [settings.signal]: held } };
  },
  subject: ({ device, signal }, { outlet }) => ({ outlet, device, signal }),
};
