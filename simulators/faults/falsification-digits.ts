import { isFlagged, mapSignal, stepOf, tickOf } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** People make up numbers: they like those that end in 0 and 5. */
export const falsificationDigits: FaultKind = {
  id: 'falsification-digits',
  rule: 'falsification.digits',
  does: '`percent` of the values of one channel are typed in, and end in 0 or 5',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 25, minutes: 2_880 },
    middle: { percent: 60, minutes: 2_880 },
    strong: { percent: 100, minutes: 2_880 },
  },
  alter: (report, scene) => {
    const { signal, percent } = scene.settings;
    const isTyped = scene.random.uniformAt(tickOf(report, scene)) < percent / 100;
    if (!isTyped || isFlagged(report, signal)) return report;
    const coarse = 5 * stepOf(scene.place, signal);
    return mapSignal(report, signal, scene.place, (value) => Math.round(value / coarse) * coarse);
  },
  subject: stackSubject,
};
