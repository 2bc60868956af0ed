import { HOUR_MS, tickOf } from './alterations.ts';
import { dutyOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { orderSubject } from './subjects.ts';

/** Lorries come and go although an order keeps them out. */
export const orderTrucks: FaultKind = {
  id: 'order-trucks',
  rule: 'order.trucks',
  also: ['order.contradiction'],
  does: '`trucksPerHour` pass the gate each way',
  needs: ['device', 'line', 'order'],
  strengths: {
    weak: { trucksPerHour: 1, minutes: 180 },
    middle: { trucksPerHour: 4, minutes: 360 },
    strong: { trucksPerHour: 15, minutes: 720 },
  },
  alter: (report, scene) => {
    const { settings, everyMs, random } = scene;
    // Even arrivals with luck in the remainder: the count of an hour is what was asked for, give or take one.
    const expected = (settings.trucksPerHour * everyMs) / HOUR_MS;
    const index = tickOf(report, scene);
    const counted = (way: string): number => Math.floor(expected + random.split(way).uniformAt(index));
    return { ...report, values: { ...report.values, 'trucks-in': counted('in'), 'trucks-out': counted('out') } };
  },
  subject: orderSubject,
  wrongIn: ({ order }, place) => dutyOf(place, order),
};
