import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The recorder still reports, its camera does not. */
export const qualityVideoOff: FaultKind = {
  id: 'quality-video-off',
  rule: 'quality.video',
  does: 'the recorder says that the camera is off line, and shows nothing of it',
  needs: ['device'],
  strengths: { weak: { minutes: 45 }, middle: { minutes: 180 }, strong: { minutes: 720 } },
  alter: (report) => ({ ...report, values: { online: 0 } }),
  subject: deviceSubject,
};
