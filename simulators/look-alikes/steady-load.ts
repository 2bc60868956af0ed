import { isFlagged, mapSignal, usualLevel } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** What is left of every unrest. */
const UNREST_LEFT = 0.12;
const LIVELY = ['power', 'so2', 'nox', 'pm', 'co', 'hcl', 'o2', 'flow', 'velocity', 'furnace-temp'] as const;

/** Base load for hours: everything is calm at once, production and gases alike. */
export const steadyLoad: LookAlikeKind = {
  id: 'steady-load',
  rule: null,
  resembles: 'falsification.smooth',
  also: ['falsification.meter'],
  trap: 'smooth: steady base load',
  does: 'every quantity of the named devices keeps to its level, with an eighth of its unrest',
  needs: ['devices'],
  defaults: { minutes: 720 },
  alter: (report, scene) => {
    let steady = report;
    for (const signal of LIVELY) {
      if (report.values[signal] === undefined || isFlagged(report, signal)) continue;
      const level = usualLevel(scene, signal);
      steady = mapSignal(steady, signal, scene.place, (value) => level + (value - level) * UNREST_LEFT);
    }
    return steady;
  },
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
