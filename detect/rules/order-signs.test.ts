import { describe, expect, it } from 'vitest';
import type { DeviceEntry, LineEntry } from '../../contracts/registry/registry-file.ts';
import { dutyContext, LINE, listening, toldPiece } from '../../tests/support/line-spans.ts';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf } from '../../tests/support/finding-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import { mill, orderRegistry } from '../../tests/support/order-plant.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';
import type { Sign, ToldSpan } from '../core/line-words.ts';
import { initialContradictionState, stepContradiction, type ToldPiece } from './order-signs.ts';
import { orderContradiction } from './order.contradiction.ts';
import type { Draft } from './rule.ts';

const CAMERA: Sign = { device: 'cam-1', kind: 'camera', value: 0, usual: 0, o2: 0, silentOthers: [] };
const SHOWN: Partial<ToldSpan> = { isTold: true, signs: [CAMERA] };
const DENIED: Partial<ToldSpan> = { isTold: true, isDenied: true };

function run(pieces: readonly ToldPiece[]): readonly Draft[] {
  const { context, drafts } = listening(orderContradiction);
  let state = initialContradictionState();
  for (const piece of pieces) {
    stepContradiction(state, piece, context);
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  }
  return drafts;
}

const ends = (drafts: readonly Draft[]): unknown[] => drafts.map(({ startAt, endAt }) => [startAt, endAt]);

describe('signs against the meters', () => {
  it('an hour of contrary closes it where the signs ended, less does not', () => {
    const shown = toldPiece('09:00', '10:00', 'off', SHOWN);
    const open = [[moment('09:00'), null]];
    expect(ends(run([shown, toldPiece('10:00', '10:59', 'off', DENIED)]))).toEqual(open);
    expect(ends(run([shown, toldPiece('10:00', '11:00', 'off', DENIED)]))).toEqual([
      ...open,
      [moment('09:00'), moment('10:00')],
    ]);
    expect(ends(run([shown, toldPiece('10:00', '11:00', 'on')])).at(-1)).toEqual([moment('09:00'), moment('10:00')]);
    expect(ends(run([shown, toldPiece('10:00', '19:00', 'off')]))).toEqual(open);
  });

  it('the end of the order ends it', () => {
    const pieces = [toldPiece('19:00', '20:00', 'unknown', SHOWN), toldPiece('20:00', '20:01', 'unknown', SHOWN)];
    expect(ends(run(pieces)).at(-1)).toEqual([moment('19:00'), moment('20:00')]);
  });

  it('a silent neighbour explains a sign unless the same order binds it', () => {
    const neighbour = { ...LINE, id: 'line-2' };
    const signs = [{ ...CAMERA, silentOthers: [neighbour] }];
    expect(run([toldPiece('09:00', '11:00', 'off', { isTold: true, signs })])).toEqual([]);
    const { order } = dutyContext();
    const both = { ...order, scope: { ...order.scope, sites: ['plant'] } };
    const context = dutyContext({ order: both });
    expect(run([toldPiece('09:00', '11:00', 'off', { isTold: true, signs, context })])).toHaveLength(1);
  });
});

const GATE: DeviceEntry = { id: 'gate-1', kind: 'gate', every: 'PT1H' };
const gate = (trucks: string, from: string): readonly TestReport[] =>
  deviceReports({ device: 'gate-1', from, period: 'PT1H' }, { 'trucks-in': trucks, 'trucks-out': trucks });
/** Three days of ten hours with five trucks in and five out. */
const TRAFFIC = [19, 20, 21].flatMap((day) => gate('0x8 5x10 0x6', `2026-11-${String(day)} 00:00`));
const OTHER: LineEntry = { id: 'line-2', production: [{ device: 'm-other', on: 100 }] };

describe('a gate', () => {
  it('with as many trucks as in work is a sign, a weak one', () => {
    const registry = orderRegistry({ plant: { devices: [GATE] } });
    const result = replayReports(registry, [...TRAFFIC, ...mill('3x301'), ...gate('0 3x2 0x2', '07:00')]);
    expect(spansOf(result, 'order.contradiction')).toEqual(['R-1 line-1 [08:00, …) seen 09:00 open']);
    const [finding] = findingsOf(result, 'order.contradiction');
    expect(finding).toMatchObject({ severity: 'medium', evidence: { signs: [{ kind: 'gate', value: 6 }] } });
  });

  it('with fewer, or without a usual number, it is none', () => {
    const registry = orderRegistry({ plant: { devices: [GATE] } });
    const few = [...TRAFFIC, ...mill('3x301'), ...gate('0 2x4', '07:00')];
    expect(spansOf(replayReports(registry, few), 'order.contradiction')).toEqual([]);
    const unknown = [...mill('3x301'), ...gate('0 5x4', '07:00')];
    expect(spansOf(replayReports(registry, unknown), 'order.contradiction')).toEqual([]);
  });

  it('trucks may belong to any other line that works', () => {
    const registry = orderRegistry({ plant: { devices: [GATE], lines: [OTHER] } });
    const works = deviceReports({ device: 'm-other', from: '07:00' }, { power: '300x301' });
    const reports = [...TRAFFIC, ...mill('3x301'), ...works, ...gate('0 5x4', '07:00')];
    expect(spansOf(replayReports(registry, reports), 'order.contradiction')).toEqual([]);
  });

  it('says nothing yet while another line was never heard', () => {
    const first = { id: 'line-0', production: [{ device: 'm-first', on: 100 }] };
    const registry = orderRegistry({ plant: { devices: [GATE], lines: [OTHER, first] } });
    const reports = [...TRAFFIC, ...mill('3x301'), ...gate('0 5x4', '07:00')];
    expect(() => replayReports(registry, reports)).not.toThrow();
  });

  it('another line behind it that was never heard may be what drives', () => {
    const registry = orderRegistry({ plant: { devices: [GATE], lines: [OTHER] } });
    const reports = [...TRAFFIC, ...mill('3x301'), ...gate('0 5x4', '07:00')];
    expect(spansOf(replayReports(registry, reports), 'order.contradiction')).toEqual([]);
  });

  it('speaks before any line was swept', () => {
    const registry = orderRegistry({ plant: { devices: [GATE], lines: [OTHER] } });
    const reports = [...mill('3x3', { from: '08:00' }), ...gate('5x2', '08:00')];
    expect(spansOf(replayReports(registry, reports), 'order.contradiction')).toEqual([]);
  });

  it('few trucks say nothing about production: silence stays unproven', () => {
    const registry = orderRegistry({ plant: { devices: [GATE] } });
    const reports = [...TRAFFIC, ...mill('3x91'), ...gate('0x5', '07:00')];
    expect(spansOf(replayReports(registry, reports), 'order.unproven')).toEqual([
      'R-1 line-1 [08:30, …) seen 09:30 open',
    ]);
  });
});

describe('a camera that sees something else', () => {
  const line = { cameras: ['cam-1'] };
  /** Hours before the order in which the mill is known to stand or to work, and the camera shows work. */
  const night = (power: string, hours: number): readonly TestReport[] => [
    ...deviceReports(
      { device: 'm-mill', from: '2026-11-21 20:00', period: 'PT1H' },
      { power: `${power}x${String(hours)}` },
    ),
    ...deviceReports({ device: 'cam-1', from: '2026-11-21 20:00', period: 'PT1H' }, { running: `1x${String(hours)}` }),
  ];
  const day = [...mill('3x241'), ...deviceReports({ device: 'cam-1', from: '07:00' }, { running: '1x241' })];
  const found = (reports: readonly TestReport[]): readonly string[] =>
    spansOf(replayReports(orderRegistry({ line }), reports), 'order.contradiction');

  it('is not believed once it showed work in six hours of standstill', () => {
    expect(found([...night('3', 10), ...day])).toEqual([]);
    expect(found([...night('3', 4), ...day])).toEqual(['R-1 line-1 [08:00, …) seen 09:00 open']);
  });

  it('is believed where the line worked', () => {
    expect(found([...night('500', 10), ...day])).toEqual(['R-1 line-1 [08:00, …) seen 09:00 open']);
  });
});
