import { DAY_MINUTES, MINUTE_MS, mapSignal } from './alterations.ts';
import { channelOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { deviceSignalSubject } from './subjects.ts';

/** An analyser ages: its zero creeps away, and calibrations show it without putting it right. */
export const qualityDrift: FaultKind = {
  id: 'quality-drift',
  rule: 'quality.drift',
  also: ['falsification.scaled', 'limit.day', 'limit.forecast', 'limit.hour', 'limit.near'],
  does: 'one channel creeps up by `percent` of its full scale a day, in calibrations too',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 1, minutes: 7_200 },
    middle: { percent: 2.5, minutes: 5_760 },
    strong: { percent: 6, minutes: 4_320 },
  },
  alter: (report, { settings: { signal, percent }, span, place }) => {
    const days = (report.tsAt - span.fromAt) / (DAY_MINUTES * MINUTE_MS);
    const crept = (percent / 100) * channelOf(place, signal).range[1] * days;
    return mapSignal(report, signal, place, (value) => value + crept);
  },
  subject: deviceSignalSubject,
};
