import { describe, expect, it } from 'vitest';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry, type OrderRow } from '../../tests/support/order-plant.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const TWO = {
  production: [
    { device: 'm-mill', on: 200 },
    { device: 'm-kiln', on: 100 },
  ],
};
const CAMERA = { cameras: ['cam-1'] };
/** Another line of the site, which goes on reporting. */
const OTHER = { lines: [{ id: 'line-2', production: [{ device: 'm-other', on: 10 }] }] };
const STACK = { outlet: { limits: [] }, line: { production: [{ device: 'm-mill', on: 200 }] } };

const kiln = (power: string): readonly TestReport[] => deviceReports({ device: 'm-kiln', from: '07:00' }, { power });
const camera = (running: string, from = '07:00'): readonly TestReport[] =>
  deviceReports({ device: 'cam-1', from }, { running });
const other = (power: string): readonly TestReport[] => deviceReports({ device: 'm-other', from: '07:00' }, { power });

/** The mill's power begins at 07:00, the order at 08:00. The last instant before a gap covers nothing after it. */
const ROWS: readonly OrderRow[] = [
  { name: 'fifty-nine silent minutes are none', reports: mill('3x91 _x58 3x61'), expected: [] },
  {
    name: 'sixty are one, seen when the hour was full, not when the meter came back',
    reports: mill('3x91 _x59 3x61'),
    expected: ['R-1 line-1 [08:30, 09:30) seen 09:30 closed'],
  },
  {
    name: 'it ends where the hour of data that closes it began',
    reports: mill('3x91 _x89 3x61'),
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'less than an hour of data does not close it',
    reports: mill('3x91 _x89 3x60'),
    expected: ['R-1 line-1 [08:30, …) seen 09:30 open'],
  },
  {
    name: 'a minute of data between two silences of forty starts again',
    reports: mill('3x91 _x39 3x3 _x39 3x70'),
    expected: [],
  },
  {
    name: 'a silence that begins before the order counts from the order on',
    reports: mill('3x31 _x119 3x61'),
    expected: ['R-1 line-1 [08:00, 09:30) seen 09:00 closed'],
  },
  {
    name: 'it counts from the end of the grace on',
    order: { graceMinutes: 60 },
    reports: mill('3x31 _x209 3x61'),
    expected: ['R-1 line-1 [09:00, 11:00) seen 10:00 closed'],
  },
  { name: 'nothing in the grace', order: { graceMinutes: 120 }, reports: mill('3x61 _x150 3x90'), expected: [] },
  {
    name: 'the end of the order ends it',
    order: { to: rfc3339('10:00') },
    reports: mill('3x91 _x150 3x90'),
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'flagged data are no valid data',
    reports: mill('3x91 3x100!B 3x70'),
    expected: ['R-1 line-1 [08:31, 10:11) seen 09:31 closed'],
  },
  {
    name: 'one of two meters silent, the other off: it cannot be shown',
    line: TWO,
    reports: [...mill('3x91 _x89 3x61'), ...kiln('1x241')],
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'one of two meters silent, the other on: that is known',
    line: TWO,
    reports: [...mill('3x91 _x89 3x61'), ...kiln('150x241')],
    expected: [],
  },
  {
    name: 'a meter that was never heard, the other off',
    line: TWO,
    reports: kiln('1x130'),
    expected: ['R-1 line-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'the camera says something meanwhile',
    line: CAMERA,
    reports: [...mill('3x91 _x89 3x61'), ...camera('0x241')],
    expected: [],
  },
  {
    name: 'the camera says something for half an hour: the rest is an hour again',
    line: CAMERA,
    reports: [...mill('3x91 _x118 3x61'), ...camera('0x31', '08:20')],
    expected: ['R-1 line-1 [08:50, 10:29) seen 09:50 closed'],
  },
  {
    name: 'a camera that is occluded says nothing',
    line: CAMERA,
    reports: [
      ...mill('3x91 _x89 3x61'),
      ...deviceReports({ device: 'cam-1', from: '07:00' }, { running: '0x241', occluded: '1x241' }),
    ],
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'the stack says something meanwhile',
    plant: STACK,
    reports: [...mill('3x91 _x89 3x61'), ...deviceReports({ device: 'cems-1', from: '07:00' }, { o2: '20.8x241' })],
    expected: [],
  },
  {
    name: 'a stack of hourly means says it when the hour is over, and that is early enough',
    plant: { ...STACK, devices: [{ id: 'cems-1', kind: 'cems', every: 'PT1H' }] },
    reports: [
      ...mill('3x91 _x89 3x61'),
      ...deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { o2: '20.8x4' }),
    ],
    expected: [],
  },
  {
    name: 'stack data that are flagged say nothing',
    plant: STACK,
    reports: [...mill('3x91 _x89 3x61'), ...deviceReports({ device: 'cems-1', from: '07:00' }, { o2: '20.8x241!D' })],
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'while another line goes on reporting it is seen at the next full hour at the latest',
    plant: { line: { production: [{ device: 'm-mill', on: 200 }] }, ...OTHER },
    reports: [...mill('3x91'), ...other('1x200')],
    expected: ['R-1 line-1 [08:30, …) seen 09:30 open'],
  },
  {
    name: 'a line none of whose meters was ever heard',
    plant: { line: { production: [{ device: 'm-mill', on: 200 }] }, ...OTHER },
    reports: other('1x200'),
    expected: ['R-1 line-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'an order to reduce has to be shown to be obeyed as well',
    order: { kind: 'limit', reducePercent: 30 },
    reports: mill('300x91 _x89 300x61'),
    expected: ['R-1 line-1 [08:30, 10:00) seen 09:30 closed'],
  },
  {
    name: 'an exempt firm has nothing to show',
    order: { exempt: { sites: ['plant'] } },
    reports: mill('3x91 _x89 3x61'),
    expected: [],
  },
  {
    name: 'a plan that asks nothing at this level',
    order: { kind: 'plan' },
    line: { plan: [{ level: 'orange', measure: 'none' }] },
    reports: mill('3x91 _x89 3x61'),
    expected: [],
  },
  {
    name: 'hours of an hourly meter, one missing',
    plant: { devices: [{ id: 'm-mill', kind: 'meter', every: 'PT1H' }] },
    reports: mill('3 3 _ 3 3', { period: 'PT1H' }),
    expected: ['R-1 line-1 [09:00, 10:00) seen 10:00 closed'],
  },
];

describe('order.unproven', () => {
  it.each(ROWS)('$name', (row) => {
    const result = replayReports(orderRegistry(row), row.reports);
    expect(spansOf(result, 'order.unproven')).toEqual(row.expected);
  });

  it('says the numbers it rests on', () => {
    const [finding] = findingsOf(replayReports(orderRegistry({}), mill('3x91 _x89 3x61')), 'order.unproven');
    expect(finding?.evidence).toEqual({
      order: 'R-1',
      kind: 'shutdown',
      level: 'orange',
      line: 'line-1',
      meters: 'm-mill',
      since: rfc3339('08:30'),
      minutes: 90,
      neededMinutes: 60,
    });
    const said = ['R-1', 'line-1', 'm-mill', '08:30', '90'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
