import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { MINUTE_MS } from './alterations.ts';
import { stackSubject } from './subjects.ts';

/** Values that were already reported are sent again, lower than before. */
export const falsificationRewritten: FaultKind = {
  id: 'falsification-rewritten',
  rule: 'falsification.rewritten',
  does: 'the span is sent a second time, `delayMinutes` after it, multiplied by `factor`',
  needs: ['device', 'signal'],
  strengths: {
    weak: { factor: 0.97, delayMinutes: 20, minutes: 10 },
    middle: { factor: 0.7, delayMinutes: 20, minutes: 60 },
    strong: { factor: 0.4, delayMinutes: 20, minutes: 180 },
  },
  sendAgain: ({ settings, span, place }) => ({
    sendAt: span.toAt + settings.delayMinutes * MINUTE_MS,
    alter: (report) => ({
      ...mapSignal(report, settings.signal, place, (value) => value * settings.factor),
      isResent: true,
      seq: undefined,
      mark: undefined,
    }),
  }),
  subject: stackSubject,
};
