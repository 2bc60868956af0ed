import { flagSignals } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** One cell of the analyser is changed: it is flagged M and declared, all others go on. */
export const componentMaintenance: LookAlikeKind = {
  id: 'component-maintenance',
  rule: null,
  resembles: 'falsification.correlation',
  also: ['quality.invalid-hours'],
  trap: 'correlation: maintenance of one component',
  does: 'one channel is flagged M, and maintenance is declared',
  needs: ['device', 'signal'],
  defaults: { minutes: 90 },
  alter: (report, { settings: { signal }, span, everyMs }) => {
    const worked = flagSignals(report, [signal], 'M');
    const isFirst = report.tsAt - span.fromAt < everyMs;
    return isFirst ? { ...worked, mark: { state: 'maintenance', untilAt: span.toAt } } : worked;
  },
  subject: stackSubject,
};
