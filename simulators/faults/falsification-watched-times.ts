import { multiplyGas } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** Local hours [from, to) in which inspectors come. */
const WATCHED_HOURS = [9, 17] as const;

/** Cleaning is turned down whenever no inspector can come. */
export const falsificationWatchedTimes: FaultKind = {
  id: 'falsification-watched-times',
  rule: 'falsification.watched-times',
  also: ['limit.day', 'limit.forecast', 'limit.hour', 'limit.near', 'limit.surge'],
  does: 'a gas is `percent` higher outside working hours',
  needs: ['signal'],
  strengths: {
    weak: { percent: 15, minutes: 86_400 },
    middle: { percent: 30, minutes: 86_400 },
    strong: { percent: 60, minutes: 86_400 },
  },
  disturb: (conditions, { settings: { signal, percent }, place, at }) => {
    const hour = place.minuteOfDay(at) / 60;
    const isWatched = hour >= WATCHED_HOURS[0] && hour < WATCHED_HOURS[1];
    return isWatched ? conditions : multiplyGas(conditions, signal, 1 + percent / 100);
  },
  subject: stackSubject,
};
