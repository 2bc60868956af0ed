import { MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { machineSubject } from '../faults/subjects.ts';

const OVERLAP_MS = 3 * MINUTE_MS;

/** The spare runs for a while, and takes over without a gap. */
export const spareUnit: LookAlikeKind = {
  id: 'spare-unit',
  rule: null,
  resembles: 'treatment.off',
  trap: 'treatment: spare unit running instead',
  does: '`spare` runs instead of `machine`, with three minutes of overlap',
  needs: ['machine', 'spare'],
  defaults: { minutes: 300 },
  disturb: (conditions, { settings: { machine, spare }, span, at }) => {
    const isAlone = at >= span.fromAt + OVERLAP_MS && at < span.toAt - OVERLAP_MS;
    return {
      ...conditions,
      machinesOn: [...conditions.machinesOn, spare],
      machinesOff: isAlone ? [...conditions.machinesOff, machine] : conditions.machinesOff,
    };
  },
  subject: machineSubject,
};
