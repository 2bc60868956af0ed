import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

const LOWEST = 0.7;

/** The control room takes the line down on a ramp, and up again. */
export const rampedSetPoint: LookAlikeKind = {
  id: 'ramped-set-point',
  rule: null,
  resembles: 'falsification.interpolated',
  trap: 'interpolated: ramped set-point',
  does: 'the line goes down evenly to 70 % of its work, and up again',
  needs: ['line'],
  defaults: { minutes: 240 },
  disturb: (conditions, { settings: { line }, span, at }) => {
    const part = (at - span.fromAt) / (span.toAt - span.fromAt);
    const factor = 1 - (1 - LOWEST) * (1 - Math.abs(2 * part - 1));
    return { ...conditions, lineFactors: { ...conditions.lineFactors, [line]: factor } };
  },
  subject: (_settings, place) => stackSubject({ signal: 'flow' }, place),
};
