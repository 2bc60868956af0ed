import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** Something hangs in front of the camera. */
export const qualityVideoOccluded: FaultKind = {
  id: 'quality-video-occluded',
  rule: 'quality.video',
  does: 'the camera says that its view is blocked, and sees nothing run',
  needs: ['device'],
  strengths: { weak: { minutes: 45 }, middle: { minutes: 180 }, strong: { minutes: 720 } },
  alter: (report) => ({ ...report, values: { ...report.values, occluded: 1, running: 0, opacity: 0 } }),
  subject: deviceSubject,
};
