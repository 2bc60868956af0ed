import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Half a feed fails for two hours: less of everything, and more air with it. */
export const loadDrop: LookAlikeKind = {
  id: 'load-drop',
  rule: null,
  resembles: 'falsification.diluted',
  trap: 'diluted: load drop',
  does: 'the line works at `factor` for a while',
  needs: ['line'],
  defaults: { factor: 0.55, minutes: 120 },
  disturb: (conditions, { settings: { line, factor } }) => ({
    ...conditions,
    lineFactors: { ...conditions.lineFactors, [line]: factor },
  }),
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
