import { isFlagged, mapSignal, settingBefore } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** The slope of a channel is turned down for a while, with nobody declared to be at work on it. */
export const falsificationParameter: FaultKind = {
  id: 'falsification-parameter',
  rule: 'falsification.parameter',
  also: ['falsification.correlation', 'falsification.scaled'],
  does: 'the slope of one channel is set to `factor` of what it is, its values follow, and no maintenance is declared; set back at the end',
  needs: ['device', 'signal'],
  strengths: {
    weak: { factor: 0.96, minutes: 240 },
    middle: { factor: 0.85, minutes: 240 },
    strong: { factor: 0.6, minutes: 720 },
  },
  alter: (report, scene) => {
    const { settings, span, everyMs, place } = scene;
    const { signal, factor } = settings;
    const slope = `${signal}.slope`;
    const before = settingBefore(scene, slope) ?? 1;
    const isFirst = report.tsAt - everyMs < span.fromAt;
    const isLast = report.tsAt + everyMs >= span.toAt;
    const changed = isFlagged(report, signal) ? report : mapSignal(report, signal, place, (value) => value * factor);
    if (isLast) return { ...changed, parameters: { ...report.parameters, [slope]: before } };
    return isFirst || report.parameters?.[slope] !== undefined
      ? { ...changed, parameters: { ...report.parameters, [slope]: before * factor } }
      : changed;
  },
  subject: stackSubject,
};
