import { flagAll, mapSignal, MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const WORK_MS = 40 * MINUTE_MS;

/** A service visit, declared and flagged: the slope is put right and told, and the level steps from then on. */
export const realRecalibration: LookAlikeKind = {
  id: 'real-recalibration',
  rule: null,
  resembles: 'falsification.scaled',
  also: ['falsification.correlation'],
  trap: 'scaled: real recalibration',
  does: 'forty minutes of declared maintenance, after which the slope of one channel is `factor` of what it was',
  needs: ['device', 'signal'],
  defaults: { factor: 0.93, minutes: 4_320 },
  alter: (report, { settings: { signal, factor }, span, everyMs, place }) => {
    const since = report.tsAt - span.fromAt;
    const slope = `${signal}.slope`;
    const said = report.parameters?.[slope];
    const base = typeof said === 'number' ? said : 1;
    const isLast = report.tsAt + everyMs >= span.toAt;
    if (since < WORK_MS) {
      const worked = flagAll(report, 'M');
      const isFirst = since < everyMs;
      const ends = since + everyMs >= WORK_MS;
      return {
        ...worked,
        mark: isFirst ? { state: 'maintenance', untilAt: span.fromAt + WORK_MS } : undefined,
        parameters: ends ? { ...report.parameters, [slope]: base * factor } : report.parameters,
      };
    }
    const scaled = mapSignal(report, signal, place, (value) => value * factor);
    // Somebody comes again at the end, declared for that minute.
    if (isLast) {
      return {
        ...flagAll(scaled, 'M'),
        mark: { state: 'maintenance', untilAt: span.toAt },
        parameters: { ...report.parameters, [slope]: base },
      };
    }
    return said === undefined ? scaled : { ...scaled, parameters: { ...report.parameters, [slope]: base * factor } };
  },
  subject: stackSubject,
};
