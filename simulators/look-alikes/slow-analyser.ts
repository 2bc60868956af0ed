import { isFlagged, mapSignal, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const AVERAGED = 12;

/** An analyser that averages over twelve minutes before it shows anything. */
export const slowAnalyser: LookAlikeKind = {
  id: 'slow-analyser',
  rule: null,
  resembles: 'falsification.smooth',
  also: ['falsification.interpolated'],
  trap: 'smooth: long averaging of the analyser',
  does: 'one channel shows the mean of its last twelve minutes',
  needs: ['device', 'signal'],
  defaults: { minutes: 1_440 },
  alter: (report, { settings: { signal }, place, pristineAt, everyMs }) => {
    if (isFlagged(report, signal)) return report;
    const tickAt = report.tsAt + report.periodMs;
    let [sum, count] = [0, 0];
    for (let index = 0; index < AVERAGED; index += 1) {
      const past = pristineAt(tickAt - index * everyMs);
      const value = numberOf(past.values[signal]);
      if (value === undefined || isFlagged(past, signal)) continue;
      sum += value;
      count += 1;
    }
    return mapSignal(report, signal, place, (value) => (count === 0 ? value : sum / count));
  },
  subject: stackSubject,
};
