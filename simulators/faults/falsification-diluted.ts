import { gasesOf, isFlagged, mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

const AIR_O2_PERCENT = 20.9;

/** Air is let into the sample: all gases fall by one share, and oxygen moves towards that of air. */
export const falsificationDiluted: FaultKind = {
  id: 'falsification-diluted',
  rule: 'falsification.diluted',
  also: ['falsification.correlation', 'falsification.oxygen', 'falsification.scaled', 'limit.surge'],
  does: '`percent` of the sample is air',
  needs: ['device'],
  strengths: {
    weak: { percent: 15, minutes: 720 },
    middle: { percent: 30, minutes: 1_440 },
    strong: { percent: 60, minutes: 2_880 },
  },
  alter: (report, { settings, place }) => {
    if (isFlagged(report, 'o2')) return report;
    const air = settings.percent / 100;
    const mixed = mapSignal(report, 'o2', place, (o2) => o2 * (1 - air) + AIR_O2_PERCENT * air);
    return gasesOf(report, place).reduce((one, gas) => mapSignal(one, gas, place, (value) => value * (1 - air)), mixed);
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
