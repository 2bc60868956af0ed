import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';

/** The cooler no longer takes the water out: it drips into the analyser. */
export const qualitySamplingCooler: FaultKind = {
  id: 'quality-sampling-cooler',
  rule: 'quality.sampling',
  does: 'the cooler is `dropC` warmer than it should be',
  needs: ['device'],
  strengths: {
    weak: { dropC: 6, minutes: 60 },
    middle: { dropC: 12, minutes: 240 },
    strong: { dropC: 25, minutes: 720 },
  },
  alter: (report, { settings: { dropC }, place }) => mapSignal(report, 'cooler-temp', place, (value) => value + dropC),
  subject: ({ device }) => ({ device, signal: 'cooler-temp' }),
};
