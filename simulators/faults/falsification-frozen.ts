import { firstGoodReport, withValuesOf } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/**
 * Somebody holds one channel: it repeats the value that it showed when the hold began, the first that is no
 * calibration gas, for it has to look harmless.
 */
export const falsificationFrozen: FaultKind = {
  id: 'falsification-frozen',
  rule: 'falsification.frozen',
  also: ['falsification.smooth', 'falsification.correlation'],
  does: 'one channel repeats the value it had when the hold began',
  needs: ['device', 'signal'],
  strengths: { weak: { minutes: 40 }, middle: { minutes: 120 }, strong: { minutes: 480 } },
  alter: (report, scene) => {
    const held = firstGoodReport(scene, report.periodMs);
    return held === undefined ? report : withValuesOf(report, held, [scene.settings.signal]);
  },
  subject: stackSubject,
};
