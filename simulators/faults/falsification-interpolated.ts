import { mapSignal, numberOf } from './alterations.ts';
import type { FaultKind, Scene } from './fault.ts';
import { stackSubject } from './subjects.ts';

interface Line {
  readonly fromValue: number;
  readonly toValue: number;
}

/** Between the last true value before the span and the first after it; never flat, for the ends differ by noise at least. */
function lineOf(scene: Scene): Line {
  return scene.once('line', () => {
    const { span, everyMs, settings, pristineAt } = scene;
    const valueAt = (tickAt: number): number => numberOf(pristineAt(tickAt).values[settings.signal]) ?? 0;
    const fromAt = Math.floor(span.fromAt / everyMs) * everyMs;
    const toAt = Math.ceil(span.toAt / everyMs) * everyMs;
    return { fromValue: valueAt(fromAt), toValue: valueAt(toAt + everyMs) * (1 + settings.percent / 100) };
  });
}

/** A gap is filled with a straight line, and not flagged. */
export const falsificationInterpolated: FaultKind = {
  id: 'falsification-interpolated',
  rule: 'falsification.interpolated',
  also: ['falsification.correlation', 'falsification.smooth'],
  does: 'one channel runs on a straight line, unflagged, from where it was to where it will be, `percent` higher',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 10, minutes: 12 },
    middle: { percent: 20, minutes: 60 },
    strong: { percent: 30, minutes: 240 },
  },
  alter: (report, scene) => {
    const { fromValue, toValue } = lineOf(scene);
    const { span, settings, place } = scene;
    const part = (report.tsAt - span.fromAt) / (span.toAt - span.fromAt);
    return mapSignal(report, settings.signal, place, () => fromValue + (toValue - fromValue) * part);
  },
  subject: stackSubject,
};
