import { mapSignal } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { deviceSubject } from '../faults/subjects.ts';

/** What one step of the meter is worth behind its transformers, in kW. */
const STEP_KW = 0.4;

/** A meter behind current transformers counts in steps of four tenths: its last digits are even. */
export const meterMultiplier: LookAlikeKind = {
  id: 'meter-multiplier',
  rule: null,
  resembles: 'falsification.digits',
  trap: 'digits: multiplier of the meter',
  does: 'the power of a meter is sent in steps of 0.4 kW',
  needs: ['device'],
  defaults: { minutes: 2_880 },
  alter: (report, { place }) => mapSignal(report, 'power', place, (value) => Math.round(value / STEP_KW) * STEP_KW),
  subject: deviceSubject,
};
