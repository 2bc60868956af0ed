import { describe, expect, it } from 'vitest';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry, stopOrder, type OrderRow } from '../../tests/support/order-plant.ts';
import { enteredOrder, findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const PLAN = { plan: [{ level: 'orange' as const, measure: 'stop' as const, graceMinutes: 60 }] };
const FROM_0900 = rfc3339('09:00');

/** The mill's power begins at 07:00, the order at 08:00. */
const DURATION: readonly OrderRow[] = [
  { name: 'fourteen minutes are none', reports: mill('3x90 300x14 3x60'), expected: [] },
  {
    name: 'fifteen minutes are one, and an hour of standstill closes it',
    reports: mill('3x90 300x15 3x61'),
    expected: ['R-1 line-1 [08:30, 08:45) seen 08:45 closed'],
  },
  {
    name: 'fifty-nine minutes of standstill do not close it',
    reports: mill('3x90 300x15 3x60'),
    expected: ['R-1 line-1 [08:30, …) seen 08:45 open'],
  },
  {
    name: 'sixteen minutes are seen after fifteen',
    reports: mill('3x90 300x16 3x61'),
    expected: ['R-1 line-1 [08:30, 08:46) seen 08:45 closed'],
  },
  { name: 'below the threshold is standstill', reports: mill('3x90 199.9x60 3x60'), expected: [] },
  {
    name: 'the threshold itself is production',
    reports: mill('3x90 200x16'),
    expected: ['R-1 line-1 [08:30, …) seen 08:45 open'],
  },
  {
    name: 'production that never stopped counts from the order on, not before',
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  {
    name: 'a short stop does not end it: one behaviour, one finding',
    reports: mill('300x90 3x50 300x30 3x61'),
    expected: ['R-1 line-1 [08:00, 09:50) seen 08:15 closed'],
  },
  { name: 'ten minutes before the order and ten in it are ten', reports: mill('3x50 300x20 3x70'), expected: [] },
  {
    name: 'a gap does not count and does not end: seven and eight covered minutes make fifteen',
    reports: mill('3x90 300x8 _x10 300x8 3x61'),
    expected: ['R-1 line-1 [08:30, 08:56) seen 08:56 closed'],
  },
  {
    name: 'a gap does not count: seven and seven make fourteen',
    reports: mill('3x90 300x8 _x10 300x7 3x61'),
    expected: [],
  },
  { name: 'flagged values are unknown', reports: mill('3x90 300x40!D 3x60'), expected: [] },
  { name: 'values below zero are standstill', reports: mill('-2x200'), expected: [] },
  {
    name: 'on from the first reading ever',
    reports: mill('300x20', { from: '10:00' }),
    expected: ['R-1 line-1 [10:00, …) seen 10:15 open'],
  },
  {
    name: 'the end of the order ends it while production goes on',
    order: { to: rfc3339('09:00') },
    reports: mill('300x150'),
    expected: ['R-1 line-1 [08:00, 09:00) seen 08:15 closed'],
  },
  {
    name: 'the end of the order comes before the fifteenth minute',
    order: { to: rfc3339('08:14') },
    reports: mill('300x150'),
    expected: [],
  },
  {
    name: 'an order without end goes on',
    order: { to: null },
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  {
    name: 'quarters of an hour: one is enough',
    reports: mill('3 3 3 3 3 300 3 3 3 3', { period: 'PT15M' }),
    expected: ['R-1 line-1 [08:15, 08:30) seen 08:30 closed'],
  },
  {
    name: 'an hourly meter: the hour is the stretch',
    plant: { devices: [{ id: 'm-mill', kind: 'meter', every: 'PT1H' }] },
    reports: mill('3 300 3', { period: 'PT1H' }),
    expected: ['R-1 line-1 [08:00, 09:00) seen 09:00 closed'],
  },
  {
    name: 'one of two production meters is enough, the other never heard: it is given a cadence and a half',
    line: {
      production: [
        { device: 'm-mill', on: 200 },
        { device: 'm-kiln', on: 100 },
      ],
    },
    reports: mill('3x90 300x20'),
    expected: ['R-1 line-1 [08:30, …) seen 08:47 open'],
  },
];

const BURSTS: readonly OrderRow[] = [
  {
    name: 'three bursts of ten minutes in a day are one finding from the first on',
    reports: mill('3x90 300x10 3x20 300x10 3x20 300x10 3x61'),
    expected: ['R-1 line-1 [08:30, 09:40) seen 09:40 closed'],
  },
  {
    name: 'bursts of twenty-nine minutes are none',
    reports: mill('3x90 300x10 3x20 300x10 3x20 300x9 3x61'),
    expected: [],
  },
  {
    name: 'bursts with hours between them count, the first came before any stop',
    reports: mill('3x65 300x10 3x110 300x10 3x110 300x10 3x61'),
    expected: ['R-1 line-1 [08:05, 12:15) seen 12:15 closed'],
  },
  {
    name: 'a burst more than a day ago does not count',
    order: { to: null },
    plant: { every: 'PT5M' },
    reports: mill('3x18 300x2 3x2 300x2 3x286 300x2 3x2', { every: 'PT5M' }),
    expected: [],
  },
  {
    name: 'what made one finding does not count for the next',
    reports: mill('3x65 300x20 3x70 300x10 3x30'),
    expected: ['R-1 line-1 [08:05, 08:25) seen 08:20 closed'],
  },
];

const GRACE: readonly OrderRow[] = [
  { name: 'nothing in the grace', order: { graceMinutes: 120 }, reports: mill('300x180 3x61'), expected: [] },
  {
    name: 'after the grace it counts from its end on',
    order: { graceMinutes: 120 },
    reports: mill('300x195 3x61'),
    expected: ['R-1 line-1 [10:00, 10:15) seen 10:15 closed'],
  },
  {
    name: 'served later, the grace begins later',
    order: { graceMinutes: 60, servedAt: FROM_0900 },
    reports: mill('300x200'),
    expected: ['R-1 line-1 [10:00, …) seen 10:15 open'],
  },
  {
    name: 'served before it begins, the grace runs from the begin',
    order: { graceMinutes: 60, servedAt: rfc3339('06:00') },
    reports: mill('300x200'),
    expected: ['R-1 line-1 [09:00, …) seen 09:15 open'],
  },
];

const DAILY: readonly OrderRow[] = [
  {
    name: 'outside the daily hours nothing is asked',
    order: { daily: ['12:00', '13:00'] },
    reports: mill('300x295 3x70 300x60'),
    expected: [],
  },
  {
    name: 'over midnight: in force from 22:00 to 06:00',
    plant: { every: 'PT15M' },
    order: { to: null, from: rfc3339('2026-11-22'), daily: ['22:00', '06:00'] },
    reports: mill('300x44 3x4', { every: 'PT15M', from: '2026-11-22 20:00' }),
    expected: ['R-1 line-1 [22:00, 11-23 06:00) seen 22:15 closed'],
  },
  {
    name: 'the early morning of the first day belongs to the night before',
    plant: { every: 'PT15M' },
    order: { to: null, from: rfc3339('2026-11-22'), daily: ['22:00', '06:00'] },
    reports: mill('300x6 3x10', { every: 'PT15M', from: '2026-11-22 05:00' }),
    expected: ['R-1 line-1 [05:00, 06:00) seen 05:15 closed'],
  },
  {
    name: 'the grace runs once and only through hours in force',
    plant: { every: 'PT15M' },
    order: { to: null, from: rfc3339('2026-11-22'), daily: ['22:00', '00:00'], graceMinutes: 180 },
    reports: mill('300x112', { every: 'PT15M', from: '2026-11-22 21:00' }),
    expected: ['R-1 line-1 [11-23 23:00, 11-24 00:00) seen 11-23 23:15 closed'],
  },
];

const REACH: readonly OrderRow[] = [
  {
    name: 'a line outside the scope',
    order: { scope: { lines: ['plant/line-2'] } },
    plant: { lines: [{ id: 'line-2' }] },
    reports: mill('300x200'),
    expected: [],
  },
  { name: 'an empty scope reaches nobody', order: { scope: {} }, reports: mill('300x200'), expected: [] },
  {
    name: 'by site',
    order: { scope: { sites: ['plant'] } },
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  {
    name: 'by district',
    order: { scope: { districts: ['xinmi'] } },
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  {
    name: 'by industry',
    order: { scope: { industries: ['cement'] } },
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  { name: 'another industry', order: { scope: { industries: ['steel'] } }, reports: mill('300x90'), expected: [] },
  {
    name: 'by a grade that holds from 09:00 on',
    order: { scope: { grades: ['D'] } },
    plant: {
      site: {
        grade: [
          { value: 'C', from: '2024-01-01' },
          { value: 'D', from: FROM_0900 },
        ],
      },
    },
    reports: mill('300x150'),
    expected: ['R-1 line-1 [09:00, …) seen 09:15 open'],
  },
  {
    name: 'a new grade gives no new grace',
    order: { scope: { grades: ['D'] }, graceMinutes: 60 },
    plant: {
      site: {
        grade: [
          { value: 'C', from: '2024-01-01' },
          { value: 'D', from: rfc3339('09:30') },
        ],
      },
    },
    reports: mill('300x200'),
    expected: ['R-1 line-1 [09:30, …) seen 09:45 open'],
  },
  {
    name: 'an exempt site',
    order: { scope: { districts: ['xinmi'] }, exempt: { sites: ['plant'] } },
    reports: mill('300x90'),
    expected: [],
  },
  {
    name: 'an exempt grade, as long as it holds',
    order: { scope: { sites: ['plant'] }, exempt: { grades: ['A'] } },
    plant: {
      site: {
        grade: [
          { value: 'A', from: '2024-01-01' },
          { value: 'B', from: FROM_0900 },
        ],
      },
    },
    reports: mill('300x150'),
    expected: ['R-1 line-1 [09:00, …) seen 09:15 open'],
  },
  {
    name: 'exempt from 09:00 on: it ends there',
    order: { scope: { sites: ['plant'] }, exempt: { grades: ['A'] } },
    plant: {
      site: {
        grade: [
          { value: 'B', from: '2024-01-01' },
          { value: 'A', from: FROM_0900 },
        ],
      },
    },
    reports: mill('300x200'),
    expected: ['R-1 line-1 [08:00, 09:00) seen 08:15 closed'],
  },
  {
    name: 'a guaranteed firm where the order exempts them',
    order: { exempt: { guaranteed: true } },
    plant: { site: { guaranteed: true } },
    reports: mill('300x90'),
    expected: [],
  },
  {
    name: 'a guaranteed firm where the order does not',
    plant: { site: { guaranteed: true } },
    reports: mill('300x90'),
    expected: ['R-1 line-1 [08:00, …) seen 08:15 open'],
  },
  {
    name: 'a firm that is guaranteed only until 10:00',
    order: { exempt: { guaranteed: true } },
    plant: {
      site: {
        guaranteed: [
          { value: true, from: '2024-01-01' },
          { value: false, from: rfc3339('10:00') },
        ],
      },
    },
    reports: mill('300x200'),
    expected: ['R-1 line-1 [10:00, …) seen 10:15 open'],
  },
  {
    name: 'a line that is guaranteed itself',
    order: { exempt: { guaranteed: true } },
    line: { guaranteed: true },
    reports: mill('300x90'),
    expected: [],
  },
  {
    name: 'a plan to stop: its own grace replaces the order’s',
    order: { kind: 'plan', graceMinutes: 240 },
    line: PLAN,
    reports: mill('300x140'),
    expected: ['R-1 line-1 [09:00, …) seen 09:15 open'],
  },
  {
    name: 'a plan without an entry for the level asks nothing',
    order: { kind: 'plan', level: 'yellow' },
    line: PLAN,
    reports: mill('300x300'),
    expected: [],
  },
  {
    name: 'a plan to reduce is no order to stop',
    order: { kind: 'plan' },
    line: { plan: [{ level: 'orange', measure: 'reduce', percent: 50, graceMinutes: 0 }] },
    reports: mill('300x300'),
    expected: [],
  },
  {
    name: 'an order to reduce is no order to stop',
    order: { kind: 'limit', reducePercent: 50 },
    reports: mill('300x300'),
    expected: [],
  },
];

describe('order.shutdown', () => {
  it.each([...DURATION, ...BURSTS, ...GRACE, ...DAILY, ...REACH])('$name', (row) => {
    const result = replayReports(orderRegistry(row), row.reports);
    expect(spansOf(result, 'order.shutdown')).toEqual(row.expected);
    expect(spansOf(result, 'order.early-restart')).toEqual([]);
  });

  it('an order that is entered later holds from its own begin on', () => {
    const registry = orderRegistry({ plant: { orders: [] } });
    const result = replayReports(registry, [...mill('300x130'), enteredOrder(stopOrder(), '08:40')]);
    expect(spansOf(result, 'order.shutdown')).toEqual(['R-1 line-1 [08:00, …) seen 08:15 open']);
  });

  it('two orders on one line are two findings', () => {
    const registry = orderRegistry({ plant: { orders: [stopOrder(), stopOrder({ id: 'R-2', from: FROM_0900 })] } });
    expect(spansOf(replayReports(registry, mill('300x140')), 'order.shutdown')).toEqual([
      'R-1 line-1 [08:00, …) seen 08:15 open',
      'R-2 line-1 [09:00, …) seen 09:15 open',
    ]);
  });

  it('meters that are off one after another are one line at work', () => {
    const registry = orderRegistry({
      line: {
        production: [
          { device: 'm-mill', on: 200 },
          { device: 'm-kiln', on: 100 },
        ],
      },
    });
    const kiln = deviceReports({ device: 'm-kiln', from: '07:00' }, { power: '1x98 150x10 1x70' });
    const result = replayReports(registry, [...mill('3x90 300x8 3x80'), ...kiln]);
    expect(spansOf(result, 'order.shutdown')).toEqual(['R-1 line-1 [08:30, 08:48) seen 08:45 closed']);
  });

  it('grows while it goes on, and is critical at the red level', () => {
    const registry = orderRegistry({ order: { level: 'red' } });
    const [finding] = findingsOf(replayReports(registry, mill('300x301')), 'order.shutdown');
    expect(finding).toMatchObject({ severity: 'critical', evidence: { minutes: 195, kWh: 975 } });
  });

  it('says the numbers it rests on', () => {
    const registry = orderRegistry({ order: { document: '郑环文〔2026〕17号', graceMinutes: 30 } });
    const [finding] = findingsOf(replayReports(registry, mill('3x100 312x15 3x61')), 'order.shutdown');
    expect(finding?.evidence).toEqual({
      order: 'R-1',
      kind: 'shutdown',
      level: 'orange',
      document: '郑环文〔2026〕17号',
      line: 'line-1',
      meters: 'm-mill',
      onKw: 200,
      orderFrom: rfc3339('08:00'),
      bindingSince: rfc3339('08:30'),
      since: rfc3339('08:40'),
      minutes: 15,
      kWh: expect.closeTo(78, 9) as number,
      averageKw: expect.closeTo(312, 9) as number,
    });
    const said = ['R-1', 'line-1', '08:30', '08:40', '15', '78', '312', '200'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
