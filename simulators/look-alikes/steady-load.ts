import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** What is left of every unrest. */
const UNREST_LEFT = 0.12;

/** Base load for hours: everything is calm at once, production and gases alike. */
export const steadyLoad: LookAlikeKind = {
  id: 'steady-load',
  rule: null,
  resembles: 'falsification.smooth',
  trap: 'smooth: steady base load',
  does: 'every line keeps to its base load, and load, machines and gases have an eighth of their unrest',
  needs: [],
  defaults: { minutes: 720 },
  disturb: (conditions) => ({ ...conditions, unrest: conditions.unrest * UNREST_LEFT }),
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
