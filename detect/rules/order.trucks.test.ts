import { describe, expect, it } from 'vitest';
import type { DeviceEntry } from '../../contracts/registry/registry-file.ts';
import { deviceReports, type DeviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry, type OrderRow } from '../../tests/support/order-plant.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const GATE: DeviceEntry = { id: 'gate-1', kind: 'gate', every: 'PT10M' };
const SECOND: DeviceEntry = { id: 'gate-2', kind: 'gate', every: 'PT10M' };

/** Counts of ten minutes from 07:00 on; the order begins at 08:00. */
function gate(into: string, out = into, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  const device = { device: 'gate-1', from: '07:00', period: 'PT10M' as const, ...options };
  return deviceReports(device, { 'trucks-in': into, 'trucks-out': out });
}

const ROWS: readonly OrderRow[] = [
  {
    name: 'one truck in one period is one, an hour without trucks closes it',
    reports: gate('0x9 1 0x10', '0x20'),
    expected: ['R-1 line-1 [08:30, 08:40) seen 08:40 closed'],
  },
  {
    name: 'less than an hour without trucks does not close it',
    reports: gate('0x9 1 0x5', '0x15'),
    expected: ['R-1 line-1 [08:30, …) seen 08:40 open'],
  },
  {
    name: 'trucks that come again within the hour are the same finding, out counts like in',
    reports: gate('0x9 1 0x9', '0x14 2 0x14'),
    expected: ['R-1 line-1 [08:30, 09:30) seen 08:40 closed'],
  },
  {
    name: 'trucks that come again later are another',
    reports: gate('0x9 1 0x8 1 0x8', '0x27'),
    expected: ['R-1 line-1 [08:30, 08:40) seen 08:40 closed', 'R-1 line-1 [10:00, 10:10) seen 10:10 closed'],
  },
  {
    name: 'trucks before the order, and in its first period that reaches back',
    reports: gate('2x6 0x10', '0x16'),
    expected: [],
  },
  {
    name: 'a period that reaches into the order tells nothing of it',
    reports: gate('3 0x10', '0x11', { from: '07:55' }),
    expected: [],
  },
  {
    name: "the plan's grace comes first",
    line: { plan: [{ level: 'orange', measure: 'no-trucks', graceMinutes: 60 }] },
    reports: gate('0x6 2x6 0x8', '0x20'),
    expected: [],
  },
  {
    name: 'the end of the order ends it',
    order: { to: rfc3339('09:00') },
    reports: gate('0x9 1x9 0x14', '0x32'),
    expected: ['R-1 line-1 [08:30, 09:00) seen 08:40 closed'],
  },
  {
    name: 'the end of the order ends it without another word of the gate',
    order: { to: rfc3339('09:00') },
    reports: [...gate('0x9 1x3', '0x12'), ...mill('3x300')],
    expected: ['R-1 line-1 [08:30, 09:00) seen 08:40 closed'],
  },
  { name: 'flagged counts are unknown', reports: gate('0x9 5x3!D 0x8', '0x20'), expected: [] },
  {
    name: 'one half flagged shows no quiet either',
    reports: gate('0x9 1 0x10!D', '0x20'),
    expected: ['R-1 line-1 [08:30, …) seen 08:40 open'],
  },
  {
    name: 'a silent gate neither extends nor ends it',
    reports: gate('0x9 1 _x20 0x5', '0x9 0 _x20 0x5'),
    expected: ['R-1 line-1 [08:30, …) seen 08:40 open'],
  },
  {
    name: 'two gates: quiet at one of them is not counted twice',
    plant: { devices: [GATE, SECOND] },
    reports: [...gate('0x9 1 0x5', '0x15'), ...gate('0x15', '0x15', { device: 'gate-2' })],
    expected: ['R-1 line-1 [08:30, …) seen 08:40 open'],
  },
  {
    name: 'instants cover the time to the next one',
    reports: deviceReports(
      { device: 'gate-1', from: '07:00', every: 'PT10M' },
      { 'trucks-in': '0x9 1 0x10', 'trucks-out': '0x20' },
    ),
    expected: ['R-1 line-1 [08:30, 08:40) seen 08:40 closed'],
  },
  {
    name: 'a plan that asks for less production lets trucks drive',
    line: { plan: [{ level: 'orange', measure: 'reduce', percent: 50 }] },
    reports: gate('1x20'),
    expected: [],
  },
  { name: 'another level of the plan', order: { level: 'red' }, reports: gate('1x20'), expected: [] },
  { name: 'an order to stop says nothing of trucks', order: { kind: 'shutdown' }, reports: gate('1x20'), expected: [] },
  { name: 'an exempt firm', order: { exempt: { sites: ['plant'] } }, reports: gate('1x20'), expected: [] },
];

function registryOf({ order, line, plant }: OrderRow): string {
  return orderRegistry({
    order: { kind: 'plan', ...order },
    line: { plan: [{ level: 'orange', measure: 'no-trucks' }], ...line },
    plant: { devices: [GATE], ...plant },
  });
}

describe('order.trucks', () => {
  it.each(ROWS)('$name', (row) => {
    expect(spansOf(replayReports(registryOf(row), row.reports), 'order.trucks')).toEqual(row.expected);
  });

  it('says the numbers it rests on', () => {
    const row: OrderRow = { name: '', reports: gate('0x9 1 2 0x8', '0x9 0 3 0x8'), expected: [] };
    const [finding] = findingsOf(replayReports(registryOf(row), row.reports), 'order.trucks');
    expect(finding).toMatchObject({ severity: 'medium', state: 'closed' });
    expect(finding?.evidence).toEqual({
      order: 'R-1',
      kind: 'plan',
      level: 'orange',
      line: 'line-1',
      measure: 'no-trucks',
      bindingSince: rfc3339('08:00'),
      gates: 'gate-1',
      since: rfc3339('08:30'),
      last: rfc3339('08:50'),
      trucksIn: 3,
      trucksOut: 3,
      periods: 2,
      neededTrucks: 1,
    });
    expect(
      finding === undefined ? ['nothing found'] : wordProblems(finding, ['R-1', 'line-1', 'gate-1', '08:30', '3']),
    ).toEqual([]);
  });
});
