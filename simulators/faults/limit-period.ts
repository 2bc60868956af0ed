import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** Wet waste: the furnace burns too cold for a while. */
export const limitPeriod: FaultKind = {
  id: 'limit-period',
  rule: 'limit.period',
  does: 'the furnace burns colder by `dropC`',
  needs: [],
  strengths: {
    weak: { dropC: 95, minutes: 45 },
    middle: { dropC: 130, minutes: 100 },
    strong: { dropC: 250, minutes: 240 },
  },
  disturb: (conditions, { settings }) => ({ ...conditions, furnaceDropC: conditions.furnaceDropC + settings.dropC }),
  subject: (_settings, place) => stackSubject({ signal: 'furnace-temp' }, place),
};
