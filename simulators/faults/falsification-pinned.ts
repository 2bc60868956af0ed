import { isFlagged, mapSignal } from './alterations.ts';
import { channelOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** A probe is blocked, or an amplifier driven to its end: the channel stands at an end of its range. */
export const falsificationPinned: FaultKind = {
  id: 'falsification-pinned',
  rule: 'falsification.pinned',
  also: [
    'falsification.correlation',
    'falsification.frozen',
    'falsification.scaled',
    'falsification.smooth',
    'limit.surge',
  ],
  does: 'one channel shows `percent` of its full scale, 0 being its lowest step',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 0, minutes: 13 },
    middle: { percent: 0, minutes: 60 },
    strong: { percent: 0, minutes: 240 },
  },
  alter: (report, { settings: { signal, percent }, place }) => {
    if (isFlagged(report, signal)) return report;
    const [low, high] = channelOf(place, signal).range;
    return mapSignal(report, signal, place, () => low + ((high - low) * percent) / 100);
  },
  subject: stackSubject,
};
