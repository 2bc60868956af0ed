import type { LookAlikeKind } from '../faults/fault.ts';

/** The power fails: production stands, and no device can say so. */
export const powerCut: LookAlikeKind = {
  id: 'power-cut',
  rule: null,
  resembles: 'falsification.silence',
  also: ['quality.invalid-hours', 'quality.offline'],
  trap: 'silence: power cut that hits production too',
  does: 'the line stands still, and the named devices send nothing',
  needs: ['devices', 'line'],
  defaults: { minutes: 100 },
  standsStill: true,
  alter: () => undefined,
  subject: ({ devices }) => ({ device: devices[0] ?? '' }),
};
