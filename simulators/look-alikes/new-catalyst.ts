import { multiplyGas } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** A fresh catalyst layer works from one day to the next. */
export const newCatalyst: LookAlikeKind = {
  id: 'new-catalyst',
  rule: null,
  resembles: 'falsification.scaled',
  also: ['falsification.correlation'],
  trap: 'scaled: catalyst change',
  does: 'nitrogen falls to `factor` for good',
  needs: [],
  defaults: { factor: 0.75, minutes: 7_200 },
  disturb: (conditions, { settings }) => multiplyGas(conditions, 'nox', settings.factor),
  subject: (_settings, place) => stackSubject({ signal: 'nox' }, place),
};
