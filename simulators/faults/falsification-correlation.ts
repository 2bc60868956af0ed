import { isFlagged, MINUTE_MS, mapSignal, usualLevel } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** How much the made-up channel wanders, as a share of its level: like a true one. */
const WANDER = 0.09;

/** One channel is made up: as lively as the true one, and deaf to what all others say. */
export const falsificationCorrelation: FaultKind = {
  id: 'falsification-correlation',
  rule: 'falsification.correlation',
  also: ['falsification.scaled', 'falsification.smooth'],
  does: 'one channel is to `percent` a wandering of its own',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 80, minutes: 4_320 },
    middle: { percent: 100, minutes: 4_320 },
    strong: { percent: 180, minutes: 4_320 },
  },
  alter: (report, scene) => {
    const { signal, percent } = scene.settings;
    if (isFlagged(report, signal)) return report;
    const level = usualLevel(scene, signal);
    const slow = scene.random.smoothAt(report.tsAt / (50 * MINUTE_MS));
    const fast = scene.random.smoothAt(report.tsAt / (3 * MINUTE_MS) + 0.5);
    const made = level * (1 + WANDER * (0.7 * slow + 0.5 * fast));
    return mapSignal(report, signal, scene.place, (value) => value + (made - value) * (percent / 100));
  },
  subject: stackSubject,
};
