import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { DEVICE_KINDS, type DeviceKind } from '../../contracts/signals.ts';
import { boundaryPlace, comparePlaces, reportPlace, STREAM_START, tailNames, type Place } from './stream-order.ts';

function report(device: string, ts: number, periodMs = 0): CheckedReport {
  const rest = { seq: undefined, resent: false, mark: undefined, parameters: undefined };
  return { site: 'plant', device, ts, periodMs, endAt: ts + periodMs, readings: [], ...rest };
}

function place(said: CheckedReport, kind: DeviceKind): Place {
  return reportPlace(said, tailNames(said.device, kind));
}

describe('the order in which a site is read', () => {
  it('at one instant: periods that end there, the boundary, samples; meters before what they explain', () => {
    const places = [
      ['cems sample', place(report('cems-1', 3_600_000), 'cems')],
      ['meter sample', place(report('m-1', 3_600_000), 'meter')],
      ['boundary', boundaryPlace(3_600_000)],
      ['cems hour', place(report('cems-1', 0, 3_600_000), 'cems')],
      ['cems minute', place(report('cems-1', 3_540_000, 60_000), 'cems')],
      ['meter hour', place(report('m-1', 0, 3_600_000), 'meter')],
      ['start', STREAM_START],
    ] as const;
    expect([...places].sort((a, b) => comparePlaces(a[1], b[1])).map(([name]) => name)).toEqual([
      'start',
      'meter hour',
      'cems minute',
      'cems hour',
      'boundary',
      'meter sample',
      'cems sample',
    ]);
  });

  it('is a total order that does not depend on arrival', () => {
    const places = fc
      .record({
        device: fc.constantFrom('a', 'b', 'c-1'),
        kind: fc.constantFrom<DeviceKind>(...DEVICE_KINDS),
        ts: fc.integer({ min: 0, max: 5 }),
        period: fc.constantFrom(0, 1, 3),
      })
      .map(({ device, kind, ts, period }) => place(report(device, ts, period), kind));
    fc.assert(
      fc.property(places, places, places, (a, b, c) => {
        expect(Math.sign(comparePlaces(a, b)) + Math.sign(comparePlaces(b, a))).toBe(0);
        if (comparePlaces(a, b) <= 0 && comparePlaces(b, c) <= 0) expect(comparePlaces(a, c)).toBeLessThanOrEqual(0);
        expect(comparePlaces(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
