import { mapSignal, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Minutes between two values that the historian keeps. */
const KEPT_EVERY = 4;
const COMPRESSED = ['temp', 'humidity', 'velocity', 'pressure', 'flow'] as const;

/** A historian keeps every fourth minute and draws lines between them; auxiliary channels only, as it was set up. */
export const historianCompression: LookAlikeKind = {
  id: 'historian-compression',
  rule: null,
  resembles: 'falsification.interpolated',
  also: ['falsification.smooth'],
  trap: 'interpolated: compression by the historian',
  does: 'auxiliary channels are straight lines of four minutes each',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alter: (report, { place, pristineAt, everyMs }) => {
    const tickAt = report.tsAt + report.periodMs;
    const stepMs = KEPT_EVERY * everyMs;
    const beforeAt = Math.floor(tickAt / stepMs) * stepMs;
    const part = (tickAt - beforeAt) / stepMs;
    if (part === 0) return report;
    const [before, after] = [pristineAt(beforeAt), pristineAt(beforeAt + stepMs)];
    return COMPRESSED.reduce((one, signal) => {
      const [left, right] = [numberOf(before.values[signal]), numberOf(after.values[signal])];
      if (left === undefined || right === undefined) return one;
      return mapSignal(one, signal, place, () => left + (right - left) * part);
    }, report);
  },
  subject: (_settings, place) => stackSubject({ signal: 'temp' }, place),
};
