import { isFlagged, mapSignal, tickOf } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** Unrest of an oxygen cell that stands in air, in % of volume. */
const UNREST_PERCENT = 0.03;

/** The oxygen cell is left in air while the plant works: nothing can be converted, so nothing is over a limit. */
export const falsificationOxygen: FaultKind = {
  id: 'falsification-oxygen',
  rule: 'falsification.oxygen',
  also: ['falsification.correlation', 'falsification.load-mismatch', 'limit.forecast'],
  does: 'oxygen shows `percent` while the plant works',
  needs: ['device'],
  strengths: {
    weak: { percent: 20.6, minutes: 250 },
    middle: { percent: 20.8, minutes: 480 },
    strong: { percent: 20.9, minutes: 1_440 },
  },
  alter: (report, scene) => {
    if (isFlagged(report, 'o2')) return report;
    const unrest = UNREST_PERCENT * scene.random.gaussianAt(tickOf(report, scene));
    return mapSignal(report, 'o2', scene.place, () => scene.settings.percent + unrest);
  },
  subject: (_settings, place) => stackSubject({ signal: 'o2' }, place),
};
