import { describe, expect, it } from 'vitest';
import { occurrenceAt, occurrencesIn, type LaidFault } from './fault-times.ts';
import { NEUTRAL_SETTINGS } from './faults/fault.ts';
import { qualityOffline } from './faults/quality-offline.ts';
import { cement } from './plants/cement.ts';
import { createRandom } from './random.ts';

const laid = (fromAt: number, toAt: number, everyMs?: number): LaidFault => ({
  kind: qualityOffline,
  settings: NEUTRAL_SETTINGS,
  span: { fromAt, toAt },
  everyMs,
  strength: 'middle',
  place: { model: cement, limits: [], orders: [], minuteOfDay: () => 0 },
  random: createRandom(1),
});

describe('when a fault happens', () => {
  it('contains its begin and not its end', () => {
    const once = laid(10, 20);
    expect([9, 10, 19, 20].map((at) => occurrenceAt(once, at)?.fromAt)).toEqual([undefined, 10, 10, undefined]);
  });

  it('comes again, and never before its first time', () => {
    const again = laid(10, 20, 100);
    expect([-85, 5, 115, 120, 219].map((at) => occurrenceAt(again, at)?.fromAt)).toEqual([
      undefined,
      undefined,
      110,
      undefined,
      210,
    ]);
  });

  it('lists the times that touch a span', () => {
    const times = (fromAt: number, toAt: number): readonly number[] =>
      occurrencesIn(laid(10, 20, 100), { fromAt, toAt }).map((span) => span.fromAt);
    expect(times(0, 10)).toEqual([]);
    expect(times(0, 11)).toEqual([10]);
    expect(times(19, 111)).toEqual([10, 110]);
    expect(times(20, 310)).toEqual([110, 210]);
    expect(occurrencesIn(laid(10, 20), { fromAt: 19, toAt: 400 })).toEqual([{ fromAt: 10, toAt: 20 }]);
  });
});
