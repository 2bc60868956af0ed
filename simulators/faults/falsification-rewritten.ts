import { roundToStep, type DeviceReport } from '../instruments/device-report.ts';
import type { FaultKind } from './fault.ts';

const MINUTE_MS = 60_000;

function lowered(report: DeviceReport, signal: string, factor: number): DeviceReport {
  const value = report.values[signal];
  const changed = typeof value === 'number' ? { [signal]: roundToStep(value * factor, 0.1) } : {};
  return { ...report, values: { ...report.values, ...changed }, isResent: true, seq: undefined, mark: undefined };
}

/** Values that were already reported are sent again, lower than before. */
export const falsificationRewritten: FaultKind = {
  id: 'falsification-rewritten',
  rule: 'falsification.rewritten',
  needs: ['device', 'signal'],
  defaults: { factor: 0.7, delayMinutes: 20 },
  sendAgain: ({ settings, span }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => lowered(report, settings.signal, settings.factor),
  }),
  subject: ({ device, signal }, { outlet }) => ({ outlet, device, signal }),
};
