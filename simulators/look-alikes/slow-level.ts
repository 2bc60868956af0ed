import { HOUR_MS, mapSignal, usualLevel } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** What it rises by, in % of its level an hour. */
const PERCENT_AN_HOUR = 3;

/** A slow quantity, such as moisture over a rainy day: for hours it is a straight line within its own steps. */
export const slowLevel: LookAlikeKind = {
  id: 'slow-level',
  rule: null,
  resembles: 'falsification.interpolated',
  also: ['falsification.smooth'],
  trap: 'interpolated: slow level',
  does: 'humidity rises evenly by 3 % of its level an hour, with little noise',
  needs: ['device'],
  defaults: { minutes: 480 },
  alter: (report, scene) => {
    const level = usualLevel(scene, 'humidity');
    const hours = (report.tsAt - scene.span.fromAt) / HOUR_MS;
    const slow = level * (1 + (PERCENT_AN_HOUR / 100) * hours);
    return mapSignal(report, 'humidity', scene.place, (value) => slow + (value - level) * 0.2);
  },
  subject: (_settings, place) => stackSubject({ signal: 'humidity' }, place),
};
