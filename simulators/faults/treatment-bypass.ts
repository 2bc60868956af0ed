import type { FaultKind } from './fault.ts';

/** A damper around the treatment is opened while production goes on. */
export const treatmentBypass: FaultKind = {
  id: 'treatment-bypass',
  rule: 'treatment.bypass',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'the damper around the treatment is open by `percent` while production goes on',
  needs: [],
  strengths: {
    weak: { percent: 12, minutes: 30 },
    middle: { percent: 40, minutes: 90 },
    strong: { percent: 100, minutes: 360 },
  },
  disturb: (conditions, { settings: { percent } }) => ({
    ...conditions,
    bypassPercent: Math.max(conditions.bypassPercent, percent),
  }),
  subject: (_settings, { model }) => ({ line: model.stack.line, device: model.stack.device }),
};
