import { HOUR_MS, MINUTE_MS, turnMachines } from '../faults/alterations.ts';
import { machinesOfLine } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';

const GAP_FROM_MS = 40 * MINUTE_MS;
const GAP_MS = 18 * MINUTE_MS;
/** Treatment follows production a little later, and is back a little earlier. */
const LAG_MS = 3 * MINUTE_MS;
const STANDBY = 0.01;

/** Between two batches production rests, and its treatment with it. */
export const batchGaps: LookAlikeKind = {
  id: 'batch-gaps',
  rule: null,
  resembles: 'treatment.off',
  also: ['falsification.load-mismatch'],
  trap: 'treatment: batch gaps',
  does: 'production rests for 18 minutes of every hour, its treatment for the middle twelve',
  needs: ['line'],
  defaults: { minutes: 480 },
  disturb: (conditions, { settings: { line }, place, at }) => {
    const since = (((at % HOUR_MS) + HOUR_MS) % HOUR_MS) - GAP_FROM_MS;
    let resting = conditions;
    if (since >= 0 && since < GAP_MS) {
      resting = turnMachines(resting, machinesOfLine(place, line, 'production'), STANDBY);
    }
    if (since >= LAG_MS && since < GAP_MS - LAG_MS) {
      resting = turnMachines(resting, machinesOfLine(place, line, 'treatment'), STANDBY);
    }
    return resting;
  },
  subject: ({ line }) => ({ line }),
};
