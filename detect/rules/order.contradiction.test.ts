import { describe, expect, it } from 'vitest';
import type { LineEntry } from '../../contracts/registry/registry-file.ts';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry, stopOrder, type OrderRow } from '../../tests/support/order-plant.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MILL: Partial<LineEntry> = { outlets: ['stack'], production: [{ device: 'm-mill', rated: 1000, on: 200 }] };
const STACK = { outlet: { limits: [] }, line: MILL };
const OTHER: LineEntry = { id: 'line-2', outlets: ['stack'], production: [{ device: 'm-other', on: 100 }] };

/** A day and more of work at 100,000 m³/h and 10 % O2: the usual flow is learned. */
const WORK = [
  ...deviceReports({ device: 'cems-1', from: '2026-11-21 00:00', period: 'PT1H' }, { flow: '100000x31', o2: '10x31' }),
  ...deviceReports({ device: 'm-mill', from: '2026-11-21 00:00', period: 'PT1H' }, { power: '500x31' }),
];
const stack = (flow: string, o2: string): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from: '07:00' }, { flow, o2 });
const camera = (running: string, more: Record<string, string> = {}): readonly TestReport[] =>
  deviceReports({ device: 'cam-1', from: '07:00' }, { running, ...more });
const other = (power: string): readonly TestReport[] => deviceReports({ device: 'm-other', from: '07:00' }, { power });

/** The mill's meter says standstill from 07:00 on; the order begins at 08:00. */
const ROWS: readonly OrderRow[] = [
  {
    name: 'sixty minutes of burning at more than half the usual flow are one',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...stack('20000x90 80000x60 20000x91', '20.8x90 11x60 20.8x91')],
    expected: ['R-1 line-1 [08:30, 09:30) seen 09:30 closed'],
  },
  {
    name: 'fifty-nine are none',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...stack('20000x90 80000x59 20000x92', '20.8x90 11x59 20.8x92')],
    expected: [],
  },
  {
    name: 'it ends where the signs ended, an hour of contrary later, and goes on over less',
    plant: STACK,
    reports: [
      ...WORK,
      ...mill('3x301'),
      ...stack('80000x130 20000x50 80000x30 20000x91', '11x130 20.8x50 11x30 20.8x91'),
    ],
    expected: ['R-1 line-1 [08:00, 10:30) seen 09:00 closed'],
  },
  {
    name: 'meters that say nothing count like meters that say none, and nothing is unproven',
    plant: STACK,
    reports: [...WORK, ...mill('3x61'), ...stack('80000x241', '11x241')],
    expected: ['R-1 line-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'meters that show production are not contradicted',
    plant: STACK,
    reports: [...WORK, ...mill('500x241'), ...stack('80000x241', '11x241')],
    expected: [],
  },
  {
    name: 'fans that pull cold air through a kiln that cools',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...stack('90000x241', '11x75 19x10 20.6x156')],
    expected: [],
  },
  {
    name: 'a burner that keeps the kiln warm',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...stack('30000x241', '15x241')],
    expected: [],
  },
  {
    name: 'a flow that nobody knows the usual of says nothing',
    plant: STACK,
    reports: [...mill('3x241'), ...stack('80000x241', '11x241')],
    expected: [],
  },
  {
    name: 'flow without oxygen says nothing',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...deviceReports({ device: 'cems-1', from: '07:00' }, { flow: '80000x241' })],
    expected: [],
  },
  {
    name: 'flagged gas says nothing and ends nothing',
    plant: STACK,
    reports: [...WORK, ...mill('3x241'), ...stack('80000x90 80000x30!C 80000x121', '11x90 11x30!C 11x121')],
    expected: ['R-1 line-1 [08:00, …) seen 09:30 open'],
  },
  {
    name: 'another line on the same stack works',
    plant: { ...STACK, lines: [OTHER] },
    reports: [...WORK, ...mill('3x241'), ...other('300x241'), ...stack('80000x241', '11x241')],
    expected: [],
  },
  {
    name: 'another line on the same stack whose meter is silent may be what it sees',
    plant: { ...STACK, lines: [OTHER] },
    reports: [...WORK, ...mill('3x241'), ...stack('80000x241', '11x241')],
    expected: [],
  },
  {
    name: 'another line on the same stack is known to stand',
    plant: { ...STACK, lines: [OTHER] },
    reports: [...WORK, ...mill('3x241'), ...other('3x241'), ...stack('80000x240', '11x240')],
    expected: ['R-1 line-1 [08:00, …) seen 09:00 open'],
  },
  {
    name: 'silent neighbours under the same order do not explain each other',
    plant: { ...STACK, lines: [OTHER], orders: [stopOrder({ scope: { sites: ['plant'] } })] },
    reports: [...WORK, ...mill('3x241'), ...stack('80000x241', '11x241')],
    expected: ['R-1 line-1 [08:00, …) seen 10:00 open', 'R-1 line-2 [08:00, …) seen 10:00 open'],
  },
  {
    name: 'a camera that shows work',
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('0x90 1x60 0x91')],
    expected: ['R-1 line-1 [08:30, 09:30) seen 09:30 closed'],
  },
  {
    name: 'a picture misread now and then is no end, and alone no sign',
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('1x90 0x2 1x30 0x119')],
    expected: ['R-1 line-1 [08:00, 09:02) seen 09:02 closed'],
  },
  {
    name: 'ten minutes without work in between: signs begin anew',
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('1x90 0x10 1x59 0x82')],
    expected: [],
  },
  {
    name: 'a camera that is occluded or off line says nothing',
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('1x241', { online: '1x120 0x121', occluded: '1x120 0x121' })],
    expected: [],
  },
  {
    name: 'nothing before the grace is over',
    order: { graceMinutes: 90 },
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('1x149 0x92')],
    expected: [],
  },
  {
    name: 'outside an order it is not this rule',
    order: { from: rfc3339('18:00') },
    line: { cameras: ['cam-1'] },
    reports: [...mill('3x241'), ...camera('1x241')],
    expected: [],
  },
  {
    name: 'a plan that asks for no trucks asks nothing of production',
    order: { kind: 'plan' },
    line: { cameras: ['cam-1'], plan: [{ level: 'orange', measure: 'no-trucks' }] },
    reports: [...mill('3x241'), ...camera('1x241')],
    expected: [],
  },
];

describe('order.contradiction', () => {
  it.each(ROWS)('$name', (row) => {
    expect(spansOf(replayReports(orderRegistry(row), row.reports), 'order.contradiction')).toEqual(row.expected);
  });

  it('where there is a sign nothing is unproven', () => {
    const reports = [...WORK, ...mill('3x61'), ...stack('80000x241', '11x241')];
    expect(spansOf(replayReports(orderRegistry({ plant: STACK }), reports), 'order.unproven')).toEqual([]);
  });

  it('stack data by the hour are waited for', () => {
    const plant = { ...STACK, devices: [{ id: 'cems-1', kind: 'cems' as const, every: 'PT1H' }] };
    const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { flow: '80000x4', o2: '11x4' });
    const result = replayReports(orderRegistry({ plant }), [...WORK, ...mill('3x241'), ...hours]);
    expect(spansOf(result, 'order.contradiction')).toEqual(['R-1 line-1 [08:00, …) seen 09:00 open']);
  });

  it('under an order to reduce a silent meter beside a working stack is less grave', () => {
    const order = { kind: 'limit' as const, reducePercent: 30 };
    const found = (power: string): unknown =>
      findingsOf(
        replayReports(orderRegistry({ order, plant: STACK }), [
          ...WORK,
          ...mill(power),
          ...stack('80000x241', '11x241'),
        ]),
        'order.contradiction',
      ).map(({ severity }) => severity);
    expect([found('3x61'), found('3x241')]).toEqual([['medium'], ['high']]);
  });

  it('says the numbers it rests on', () => {
    const plant = { ...STACK, line: { ...MILL, cameras: ['cam-1'] } };
    const reports = [
      ...WORK,
      ...mill('3x241'),
      ...stack('20000x90 80000x60 20000x91', '20.8x90 11x60 20.8x91'),
      ...camera('0x90 1x60 0x91'),
    ];
    const [finding] = findingsOf(replayReports(orderRegistry({ plant }), reports), 'order.contradiction');
    expect(finding).toMatchObject({ severity: 'high', confidence: 0.95 });
    expect(finding?.evidence).toEqual({
      order: 'R-1',
      kind: 'shutdown',
      level: 'orange',
      line: 'line-1',
      meters: 'm-mill',
      since: rfc3339('08:30'),
      minutes: 60,
      neededMinutes: 60,
      offMinutes: 60,
      silentMinutes: 0,
      signs: [
        { device: 'cam-1', kind: 'camera', minutes: 60 },
        {
          device: 'cems-1',
          kind: 'stack',
          minutes: 60,
          value: 80_000,
          usual: expect.closeTo(100_000, -4) as number,
          o2: 11,
        },
      ],
      flowPercent: 50,
      oxygenPercent: 19,
    });
    const said = ['R-1', 'line-1', 'm-mill', 'cam-1', 'cems-1', '80000', '11', '60'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
