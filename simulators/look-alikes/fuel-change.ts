import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Another coal: less sulphur, a little more nitrogen, from one hour to the next. */
export const fuelChange: LookAlikeKind = {
  id: 'fuel-change',
  rule: null,
  resembles: 'falsification.scaled',
  also: ['falsification.correlation'],
  trap: 'scaled: fuel change',
  does: 'sulphur falls to 70 %, nitrogen rises by 6 %, and stays so',
  needs: [],
  defaults: { minutes: 7_200 },
  disturb: (conditions) => multiplyGas(multiplyGas(conditions, 'so2', 0.7), 'nox', 1.06),
  subject: (_settings, place) => stackSubject({ signal: 'so2' }, place),
};
