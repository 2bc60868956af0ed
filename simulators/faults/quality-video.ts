import { firstGoodReport, withValuesOf } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The camera shows one picture: the film is stopped, the meter goes on. */
export const qualityVideo: FaultKind = {
  id: 'quality-video',
  rule: 'quality.video',
  does: 'the picture, and what is read from it, stands still',
  needs: ['device'],
  strengths: { weak: { minutes: 45 }, middle: { minutes: 180 }, strong: { minutes: 720 } },
  alter: (report, scene) => {
    const held = firstGoodReport(scene, report.periodMs);
    return held === undefined ? report : withValuesOf(report, held, ['picture-hash', 'opacity', 'running']);
  },
  subject: deviceSubject,
};
