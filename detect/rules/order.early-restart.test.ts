import { describe, expect, it } from 'vitest';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry, type OrderRow } from '../../tests/support/order-plant.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

interface Row extends OrderRow {
  /** What `order.shutdown` says of the same reports. */
  readonly shutdown?: readonly string[];
}

/** The mill's power begins at 07:00, the order at 08:00. */
const ROWS: readonly Row[] = [
  {
    name: 'an hour below the threshold, then fifteen minutes on',
    reports: mill('300x60 3x60 300x15 3x61'),
    expected: ['R-1 line-1 [09:00, 09:15) seen 09:15 closed'],
  },
  {
    name: 'fifty-nine minutes below it: it had not stopped',
    reports: mill('300x60 3x59 300x15 3x61'),
    expected: [],
    shutdown: ['R-1 line-1 [08:59, 09:14) seen 09:14 closed'],
  },
  { name: 'fourteen minutes on are none', reports: mill('300x60 3x70 300x14 3x61'), expected: [] },
  {
    name: 'the standstill before the order does not count',
    reports: mill('3x90 300x20'),
    expected: [],
    shutdown: ['R-1 line-1 [08:30, …) seen 08:45 open'],
  },
  {
    name: 'the standstill in the grace counts',
    order: { graceMinutes: 120 },
    reports: mill('3x120 300x80'),
    expected: ['R-1 line-1 [10:00, …) seen 10:15 open'],
  },
  {
    name: 'a restart in the grace that ends in the grace is allowed',
    order: { graceMinutes: 180 },
    reports: mill('3x130 300x100 3x30'),
    expected: [],
  },
  {
    name: 'first not stopped, then stopped, then restarted: one of each',
    reports: mill('300x90 3x70 300x20 3x61'),
    expected: ['R-1 line-1 [09:40, 10:00) seen 09:55 closed'],
    shutdown: ['R-1 line-1 [08:00, 08:30) seen 08:15 closed'],
  },
  {
    name: 'two restarts with an hour between them are two',
    reports: mill('3x130 300x15 3x60 300x15 3x61'),
    expected: ['R-1 line-1 [09:10, 09:25) seen 09:25 closed', 'R-1 line-1 [10:25, 10:40) seen 10:40 closed'],
  },
  {
    name: 'short bursts hours apart after it had stopped, from the first on',
    reports: mill('3x130 300x10 3x90 300x10 3x90 300x10 3x61'),
    expected: ['R-1 line-1 [09:10, 12:40) seen 12:40 closed'],
  },
  {
    name: 'a silent hour is no standstill',
    reports: mill('300x62 3x20 _x60 3x20 300x20'),
    expected: [],
    shutdown: ['R-1 line-1 [09:42, …) seen 09:57 open'],
  },
  {
    name: 'standstill on both sides of a gap adds up to the hour',
    reports: mill('300x60 3x31 _x10 3x30 300x20'),
    expected: ['R-1 line-1 [09:11, …) seen 09:26 open'],
  },
  {
    name: 'the end of the order is no restart',
    order: { to: rfc3339('10:00') },
    reports: mill('3x180 300x60'),
    expected: [],
  },
  {
    name: 'fourteen minutes before the end of the order',
    order: { to: rfc3339('10:00') },
    reports: mill('3x166 300x60'),
    expected: [],
  },
  {
    name: 'on from the first reading ever: nothing was stopped',
    reports: mill('300x20', { from: '10:00' }),
    expected: [],
    shutdown: ['R-1 line-1 [10:00, …) seen 10:15 open'],
  },
  {
    name: 'a reading below zero is standstill',
    reports: mill('-1x125 300x20'),
    expected: ['R-1 line-1 [09:05, …) seen 09:20 open'],
  },
  {
    name: 'hours of an hourly meter',
    plant: { devices: [{ id: 'm-mill', kind: 'meter', every: 'PT1H' }] },
    reports: mill('300 3 300 3', { period: 'PT1H' }),
    expected: ['R-1 line-1 [09:00, 10:00) seen 10:00 closed'],
  },
  {
    name: 'at night only: a line that works by day and did not stop at night has not restarted',
    order: { to: null, from: rfc3339('2026-11-22'), daily: ['22:00', '06:00'] },
    plant: { every: 'PT15M' },
    reports: mill('300x8 3x32 300x68 3x6', { every: 'PT15M', from: '2026-11-22 20:00' }),
    expected: [],
    shutdown: ['R-1 line-1 [11-23 22:00, 11-23 23:00) seen 11-23 22:15 closed'],
  },
];

describe('order.early-restart', () => {
  it.each(ROWS)('$name', (row) => {
    const result = replayReports(orderRegistry(row), row.reports);
    expect(spansOf(result, 'order.early-restart')).toEqual(row.expected);
    expect(spansOf(result, 'order.shutdown')).toEqual(row.shutdown ?? []);
  });

  it('says the numbers it rests on', () => {
    const [finding] = findingsOf(replayReports(orderRegistry({}), mill('3x130 480x15 3x61')), 'order.early-restart');
    const said = ['R-1', 'line-1', '08:00', '09:10', '15', '120', '480', '200'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
