import { describe, expect, it } from 'vitest';
import { deviceReports, type DeviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { orderRegistry, stopOrder, type OrderRow } from '../../tests/support/order-plant.ts';
import { enteredOrder, findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

/** Hourly means of the mill's power from 07:00 on unless said otherwise: the order begins at 08:00. */
const mill = (power: string, options: Partial<DeviceReports> = {}): readonly TestReport[] =>
  deviceReports({ device: 'm-mill', from: '07:00', period: 'PT1H', ...options }, { power });
/** Whole days before the order, at one power. */
const before = (days: number, power = 400): readonly TestReport[] =>
  mill(`${String(power)}x${String(days * 24)}`, { from: `2026-11-${String(22 - days)} 00:00` });

const HOURLY = { devices: [{ id: 'm-mill', kind: 'meter' as const, every: 'PT1H' }] };
const HALVE = { kind: 'limit' as const, reducePercent: 50 };
const FILED = { baseline: { kWhPerHour: 400, source: '一厂一策 2025' } };

interface Row extends Omit<OrderRow, 'plant'> {
  readonly site?: OrderRow['plant'];
}

const ROWS: readonly Row[] = [
  {
    name: 'three hours above half of the filed baseline are seen when the third is over, and end with the order',
    line: FILED,
    reports: mill('300x15'),
    expected: ['R-1 line-1 [08:00, 20:00) seen 11:00 closed'],
  },
  { name: 'two hours are too few to say it', line: FILED, reports: mill('300x3'), expected: [] },
  { name: 'at five percent above what is allowed it is kept', line: FILED, reports: mill('210x15'), expected: [] },
  {
    name: 'just above it is not',
    line: FILED,
    reports: mill('210.01x15'),
    expected: ['R-1 line-1 [08:00, 20:00) seen 11:00 closed'],
  },
  {
    name: 'hours that make good what came before end it: where the sum was last over',
    line: FILED,
    reports: mill('400 300x3 100x11'),
    expected: ['R-1 line-1 [08:00, 13:00) seen 11:00 closed'],
  },
  {
    name: 'a line that comes down late is over until the day makes it good',
    line: FILED,
    order: { to: rfc3339('2026-11-24 00:00') },
    reports: mill('400x4 205x37'),
    expected: ['R-1 line-1 [08:00, 11-23 10:00) seen 11:00 closed'],
  },
  {
    name: 'the grace does not count: hours that it ends in count neither',
    line: FILED,
    order: { graceMinutes: 150 },
    reports: mill('400x5 300x10'),
    expected: ['R-1 line-1 [11:00, 20:00) seen 14:00 closed'],
  },
  {
    name: 'the same clock hours of three days before serve where nothing is filed',
    reports: [...before(3), ...mill('400x8 300x15', { from: '00:00' })],
    expected: ['R-1 line-1 [08:00, 20:00) seen 11:00 closed'],
  },
  {
    name: 'days of which one began its shift earlier: the first hours are held to that one',
    reports: [
      ...mill('5x9 400x15 5x8 400x16 5x9 400x15', { from: '2026-11-19 00:00' }),
      ...mill('5x8 200 200x7 400x8', { from: '00:00' }),
    ],
    expected: ['R-1 line-1 [08:00, 20:00) seen 16:00 closed'],
  },
  {
    name: 'hours before a shift, in which little is used on any day, wait for the shift',
    order: { from: rfc3339('00:00') },
    reports: [
      ...mill('5x8 400x16 5x8 400x16 5x8 400x16', { from: '2026-11-19 00:00' }),
      ...mill('5x4 210 5x3 400x13', { from: '00:00' }),
    ],
    expected: ['R-1 line-1 [00:00, 20:00) seen 09:00 closed'],
  },
  {
    name: 'learned by clock hour: a line that works by night only is held to that',
    order: { from: rfc3339('00:00'), to: rfc3339('2026-11-23 00:00') },
    reports: [19, 20, 21, 22].flatMap((day) =>
      mill(day < 22 ? '400x8 5x16' : '195x8 5x16 5', { from: `2026-11-${String(day)} 00:00` }),
    ),
    expected: [],
  },
  {
    name: 'two days are no baseline: unknown, and said so as information until the order ends',
    reports: [...before(2), ...mill('400x8 300x15', { from: '00:00' })],
    expected: ['R-1 line-1 [08:00, 20:00) seen 11:00 closed'],
  },
  {
    name: 'a line that stands obeys, baseline or not',
    reports: [...before(1), ...mill('400x8 10x15', { from: '00:00' })],
    expected: [],
  },
  {
    name: 'light and pumps of a line that stood before as well are not half of anything',
    reports: [...before(4, 8), ...mill('8x24', { from: '00:00' })],
    expected: [],
  },
  {
    name: 'days under another order are no baseline, days before it are',
    site: {
      orders: [
        stopOrder({ ...HALVE }),
        stopOrder({ id: 'R-0', from: rfc3339('2026-11-19 00:00'), to: rfc3339('2026-11-22 00:00'), graceMinutes: 0 }),
      ],
    },
    reports: [...mill('400x72 0x72', { from: '2026-11-16 00:00' }), ...mill('400x8 300x15', { from: '00:00' })],
    expected: ['R-1 line-1 [08:00, 20:00) seen 11:00 closed'],
  },
  {
    name: 'hours of which a meter is silent are left out on both sides',
    line: FILED,
    reports: mill('300 300x2 _x4 300x8'),
    expected: ['R-1 line-1 [08:00, 20:00) seen 15:00 closed'],
  },
  {
    name: 'one silent meter of two: the energy is unknown, and said so once six hours of it have gone by',
    line: {
      ...FILED,
      production: [
        { device: 'm-mill', on: 200 },
        { device: 'm-kiln', on: 100 },
      ],
    },
    site: {
      devices: [
        { id: 'm-mill', kind: 'meter', every: 'PT1H' },
        { id: 'm-kiln', kind: 'meter', every: 'PT1H' },
      ],
    },
    reports: [...mill('300x15'), ...mill('150', { device: 'm-kiln' })],
    expected: ['R-1 line-1 [08:00, 20:00) seen 15:00 closed'],
  },
  {
    name: 'silence altogether is the matter of order.unproven',
    line: FILED,
    reports: mill('300 _x10 300'),
    expected: [],
  },
  {
    name: 'an order to stop asks for no share',
    order: { kind: 'shutdown', reducePercent: 50 },
    line: FILED,
    reports: mill('300x15'),
    expected: [],
  },
  {
    name: "the line's own plan says by how much, and its grace",
    order: { kind: 'plan' },
    line: { ...FILED, plan: [{ level: 'orange', measure: 'reduce', percent: 30, graceMinutes: 120 }] },
    reports: mill('400x3 290x2 302x10'),
    expected: ['R-1 line-1 [10:00, 20:00) seen 14:00 closed'],
  },
  {
    name: 'an exempt firm may use what it wants',
    order: { exempt: { lines: ['plant/line-1'] } },
    line: FILED,
    reports: mill('400x15'),
    expected: [],
  },
  {
    name: 'hours of a daily order: those in force of the last day, over night and day between',
    order: { daily: ['22:00', '02:00'], to: rfc3339('2026-11-25 00:00') },
    line: FILED,
    reports: mill('400x15 300x4 400x20 100x4 400x9'),
    expected: ['R-1 line-1 [22:00, 11-23 23:00) seen 11-23 01:00 closed'],
  },
];

function registryOf({ order, line, site }: Row): string {
  return orderRegistry({ order: { ...HALVE, ...order }, line: line ?? {}, plant: { ...HOURLY, ...site } });
}

describe('order.limit', () => {
  it.each(ROWS)('$name', (row) => {
    expect(spansOf(replayReports(registryOf(row), row.reports), 'order.limit')).toEqual(row.expected);
  });

  it('what cannot be judged is information, never an accusation', () => {
    const row = { reports: [...before(2), ...mill('400x8 300x15', { from: '00:00' })] };
    const [finding] = findingsOf(
      replayReports(registryOf({ name: '', expected: [], ...row }), row.reports),
      'order.limit',
    );
    expect(finding).toMatchObject({ severity: 'info', evidence: { unknown: true, cause: 'baseline', hoursKnown: 3 } });
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, ['R-1', 'line-1', '50', '900'])).toEqual(
      [],
    );
  });

  it('energy comes from the register where there is one, whatever the power says', () => {
    const registry = orderRegistry({ order: HALVE, line: FILED });
    const minutes = (energy: string): readonly TestReport[] =>
      deviceReports({ device: 'm-mill', from: '07:59' }, { power: '210x242', energy });
    const found = (energy: string): readonly string[] =>
      spansOf(replayReports(registry, minutes(energy)), 'order.limit');
    expect(found('1000+5x242')).toEqual(['R-1 line-1 [08:00, …) seen 11:00 open']);
    expect(found('1000+3x242')).toEqual([]);
  });

  it('an order entered after its begin is judged from its begin on', () => {
    const registry = orderRegistry({ line: FILED, plant: { ...HOURLY, orders: [] } });
    const order = enteredOrder({ ...stopOrder(HALVE) }, '14:30');
    expect(spansOf(replayReports(registry, [...mill('300x10'), order]), 'order.limit')).toEqual([
      'R-1 line-1 [08:00, …) seen 11:00 open',
    ]);
  });

  it('says the numbers it rests on: the worst window, and both baselines', () => {
    const reports = [...before(3, 500), ...mill('500x8 300x3 260x3 300', { from: '00:00' })];
    const row = { name: '', line: FILED, expected: [], reports };
    const [finding] = findingsOf(replayReports(registryOf(row), reports), 'order.limit');
    expect(finding).toMatchObject({ severity: 'high', state: 'open', end: null });
    expect(finding?.evidence).toEqual({
      order: 'R-1',
      kind: 'limit',
      level: 'orange',
      line: 'line-1',
      since: rfc3339('08:00'),
      reducePercent: 50,
      tolerancePercent: 5,
      hoursOver: 5,
      windowFrom: rfc3339('08:00'),
      windowTo: rfc3339('11:00'),
      hoursKnown: 3,
      hoursUnknown: 0,
      kWh: 900,
      allowedKwh: 630,
      baselineKwh: 1_200,
      percentOfBaseline: 75,
      baselineFrom: 'filed',
      filedKwhPerHour: 400,
      filedSource: '一厂一策 2025',
      learnedKwh: 1_500,
      learnedDays: 3,
    });
    const said = ['R-1', 'line-1', '08:00', '900', '630', '1200', '75', '50'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
