import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSignalSubject } from './subjects.ts';

/** Heating or cooling of the sample fails: gases are lost in the water on their way to the analyser. */
export const qualitySampling: FaultKind = {
  id: 'quality-sampling',
  rule: 'quality.sampling',
  does: 'a temperature of the sampling falls by `dropC`; negative: rises',
  needs: ['device', 'signal'],
  strengths: {
    weak: { dropC: 55, minutes: 60 },
    middle: { dropC: 80, minutes: 240 },
    strong: { dropC: 120, minutes: 720 },
  },
  alter: (report, { settings: { signal, dropC }, place }) => mapSignal(report, signal, place, (value) => value - dropC),
  subject: deviceSignalSubject,
};
