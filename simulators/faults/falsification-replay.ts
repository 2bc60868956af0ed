import { gasesOf, HOUR_MS, mapSignal, tickOf, withValuesOf } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** What was measured some hours ago is sent as if it were measured now: one signal, or every gas where none is named. */
export const falsificationReplay: FaultKind = {
  id: 'falsification-replay',
  rule: 'falsification.replay',
  also: ['falsification.correlation'],
  does: 'a signal, or every gas, shows what it showed `backHours` before, scaled by up to `percent` up and down',
  needs: ['device'],
  may: ['signal'],
  strengths: {
    weak: { backHours: 23, percent: 0.4, minutes: 180 },
    middle: { backHours: 24, percent: 0, minutes: 360 },
    strong: { backHours: 24, percent: 0, minutes: 1_440 },
  },
  alter: (report, scene) => {
    const { settings, place, everyMs, pristineAt, random } = scene;
    const tickAt = report.tsAt + report.periodMs;
    const former = pristineAt(tickAt - Math.round((settings.backHours * HOUR_MS) / everyMs) * everyMs);
    const signals = settings.signal === '' ? gasesOf(report, place) : [settings.signal];
    const copy = { ...withValuesOf(report, former, signals), flags: former.flags };
    if (settings.percent === 0) return copy;
    const noise = 1 + (2 * random.uniformAt(tickOf(report, scene)) - 1) * (settings.percent / 100);
    return signals.reduce((one, signal) => mapSignal(one, signal, place, (value) => value * noise), copy);
  },
  subject: stackSubject,
};
