import { isFlagged, mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** The slope of a channel is turned down for a while, with nobody declared to be at work on it. */
export const falsificationParameter: FaultKind = {
  id: 'falsification-parameter',
  rule: 'falsification.parameter',
  also: ['falsification.correlation', 'falsification.scaled'],
  does: 'the slope of one channel is set to `factor`, its values follow, and no maintenance is declared; set back at the end',
  needs: ['device', 'signal'],
  strengths: {
    weak: { factor: 0.96, minutes: 240 },
    middle: { factor: 0.85, minutes: 240 },
    strong: { factor: 0.6, minutes: 720 },
  },
  alter: (report, { settings: { signal, factor }, span, everyMs, place }) => {
    const isFirst = report.tsAt - everyMs < span.fromAt;
    const isLast = report.tsAt + everyMs >= span.toAt;
    const slope = `${signal}.slope`;
    const said = report.parameters?.[slope];
    const changed = isFlagged(report, signal) ? report : mapSignal(report, signal, place, (value) => value * factor);
    if (isLast) return { ...changed, parameters: { ...report.parameters, [slope]: said ?? 1 } };
    return isFirst || said !== undefined
      ? { ...changed, parameters: { ...report.parameters, [slope]: factor } }
      : changed;
  },
  subject: stackSubject,
};
