import type { DeviceReport } from '../instruments/device-report.ts';
import type { FaultKind, Scene } from './fault.ts';

/** Ticks that are looked through for a value to hold; a calibration is over by then. */
const MOST_TICKS = 150;

/** The first value of the span that is no calibration gas: who holds a channel holds one that looks harmless. */
function heldValue(
  { settings, span, everyMs, pristineAt }: Scene,
  periodMs: number,
): DeviceReport['values'][string] | undefined {
  const firstTickAt = Math.ceil((span.fromAt + periodMs) / everyMs) * everyMs;
  for (let index = 0; index < MOST_TICKS; index += 1) {
    const { values, flags } = pristineAt(firstTickAt + index * everyMs);
    if (flags[settings.signal] === undefined) return values[settings.signal];
  }
  return undefined;
}

/** Somebody holds one channel: it repeats the value that it showed when the hold began. */
export const falsificationFrozen: FaultKind = {
  id: 'falsification-frozen',
  rule: 'falsification.frozen',
  needs: ['device', 'signal'],
  defaults: {},
  alter: (report, scene) => {
    const held = heldValue(scene, report.periodMs);
    return held === undefined ? report : { ...report, values: { ...report.values, [scene.settings.signal]: held } };
  },
  subject: ({ device, signal }, { outlet }) => ({ outlet, device, signal }),
};
