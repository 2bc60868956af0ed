import { flagSignals, mapSignal, MINUTE_MS } from '../faults/alterations.ts';
import { channelOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const SPAN_SHARE = 0.8;

/** Span gas is given at an unusual time of the day, declared: a spike over every limit, under flag C. */
export const calibrationSpike: LookAlikeKind = {
  id: 'calibration-spike',
  rule: null,
  resembles: 'falsification.flag-abuse',
  trap: 'flag-abuse: calibration gas as a spike',
  does: 'one channel shows span gas under flag C, declared as a calibration',
  needs: ['device', 'signal'],
  defaults: { minutes: 9 },
  alter: (report, { settings: { signal }, span, everyMs, place }) => {
    const shown = mapSignal(report, signal, place, () => channelOf(place, signal).range[1] * SPAN_SHARE);
    const flagged = flagSignals(shown, [signal], 'C');
    const isFirst = report.tsAt - span.fromAt < Math.max(everyMs, MINUTE_MS);
    return isFirst ? { ...flagged, mark: { state: 'calibration', untilAt: span.toAt } } : flagged;
  },
  subject: stackSubject,
};
