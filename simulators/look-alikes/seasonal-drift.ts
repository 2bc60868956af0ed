import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Over two months the level of a gas wanders up and down with the season. */
export const seasonalDrift: LookAlikeKind = {
  id: 'seasonal-drift',
  rule: null,
  resembles: 'falsification.scaled',
  trap: 'scaled: seasonal drift',
  does: 'a gas rises by `percent` and falls again over the span',
  needs: ['signal'],
  defaults: { percent: 12, minutes: 86_400 },
  disturb: (conditions, { settings: { signal, percent }, span, at }) => {
    const part = (at - span.fromAt) / (span.toAt - span.fromAt);
    return multiplyGas(conditions, signal, 1 + (percent / 100) * Math.sin(Math.PI * part));
  },
  subject: stackSubject,
};
