import { flagSignals, mapSignal, MINUTE_MS, tickOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const ODD_MS = 30 * MINUTE_MS;
/** How far its odd readings jump, as a share. */
const JUMP = 0.25;

/** A channel reads oddly, up and down; somebody comes, declares it, and puts it right. */
export const maintenanceAfterOddReading: LookAlikeKind = {
  id: 'maintenance-after-odd-reading',
  rule: null,
  resembles: 'falsification.flag-abuse',
  also: ['limit.surge'],
  trap: 'flag-abuse: maintenance caused by odd readings',
  does: 'one channel jumps about for half an hour, then it is under declared maintenance',
  needs: ['device', 'signal'],
  defaults: { minutes: 100 },
  alter: (report, scene) => {
    const {
      settings: { signal },
      span,
      everyMs,
      place,
      random,
    } = scene;
    const since = report.tsAt - span.fromAt;
    if (since < ODD_MS) {
      const jump = 1 + JUMP * (2 * random.uniformAt(tickOf(report, scene)) - 1);
      return mapSignal(report, signal, place, (value) => value * jump);
    }
    const worked = flagSignals(report, [signal], 'M');
    return since - ODD_MS < everyMs ? { ...worked, mark: { state: 'maintenance', untilAt: span.toAt } } : worked;
  },
  subject: stackSubject,
};
