import { isFlagged, mapSignal, tickOf, usualLevel } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A generator stands in for the analyser: a level with a little made-up noise, whatever the plant does. */
export const falsificationSmooth: FaultKind = {
  id: 'falsification-smooth',
  rule: 'falsification.smooth',
  also: ['falsification.correlation'],
  does: 'one channel shows its usual level with even noise of ±`percent` of it',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 1.2, minutes: 720 },
    middle: { percent: 0.8, minutes: 1_440 },
    strong: { percent: 0.4, minutes: 4_320 },
  },
  alter: (report, scene) => {
    const { signal, percent } = scene.settings;
    if (isFlagged(report, signal)) return report;
    const noise = (2 * scene.random.uniformAt(tickOf(report, scene)) - 1) * (percent / 100);
    return mapSignal(report, signal, scene.place, () => usualLevel(scene, signal) * (1 + noise));
  },
  subject: stackSubject,
};
