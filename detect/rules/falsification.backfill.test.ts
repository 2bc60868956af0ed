import { describe, expect, it } from 'vitest';
import { deviceReports, eventEnd, type DeviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, toRecords } from '../../tests/support/replay-reports.ts';

const RULE = 'falsification.backfill';
const PLANT: PlantOptions = { outlet: { resolution: { nox: 0.1 } } };

function nox(text: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'cems-1', from: '08:00', ...options }, { nox: text });
}

/** The same reports, all received from `at` on, a tenth of a second apart. */
function sent(reports: readonly TestReport[], at: string, stepMs = 100): TestReport[] {
  return reports.map((report, index) => ({ ...report, received: moment(at) + stepMs * index }));
}

/** Received that much after their time. */
function late(reports: readonly TestReport[], minutes: number): TestReport[] {
  return reports.map((report) => ({ ...report, received: eventEnd(report.report) + minutes * 60_000 }));
}

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const live = nox('40x60 _x60 41x180');
const gap = nox('40.5x60', { from: '09:00' });

const ROWS: readonly Row[] = [
  {
    name: 'a gap of an hour is filled an hour and more later',
    reports: [...live, ...sent(gap, '11:30:30')],
    expected: ['stack cems-1 nox [09:00, 10:00) seen 09:00 closed'],
  },
  {
    name: 'as the last that is heard: it is open',
    reports: [...nox('40x60 _x60 41x90'), ...sent(gap, '11:29:30')],
    expected: ['stack cems-1 nox [09:00, …) seen 09:00 open'],
  },
  {
    name: 'what is not an hour late is none of it',
    reports: [...live, ...sent(gap, '10:30:00', 0)],
    expected: ['stack cems-1 nox [09:00, 09:30) seen 09:00 closed'],
  },
  { name: 'an hour to the second is not more than an hour', reports: late(nox('40x3'), 60), expected: [] },
  {
    name: 'marked as resent, within a day',
    reports: [...live, ...sent(nox('40.5x60', { from: '09:00', resent: true }), '11:30:30')],
    expected: [],
  },
  {
    name: 'marked as resent, after more than a day',
    reports: [
      ...live,
      ...nox('41x120', { from: '2026-11-23 09:00' }),
      ...sent(nox('40.5x60', { from: '09:00', resent: true }), '2026-11-23 09:30:30'),
    ],
    expected: ['stack cems-1 nox [09:00, 09:31) seen 09:00 closed'],
  },
  {
    name: 'stored, then sent in order before what is live again',
    reports: [
      ...nox('40x60'),
      ...sent(nox('40.5x120', { from: '09:00' }), '11:00:10'),
      ...nox('41x60', { from: '11:01' }),
    ],
    expected: ['stack cems-1 nox [09:00, 10:01) seen 09:00 closed'],
  },
  {
    name: 'newest first',
    reports: [...live, ...sent([...gap].reverse(), '11:30:30')],
    expected: ['stack cems-1 nox [09:00, 10:00) seen 09:29 closed'],
  },
  {
    name: 'in between live reports, ten every minute',
    reports: [...live, ...sent(gap, '11:30:03', 6_000)],
    expected: ['stack cems-1 nox [09:00, 10:00) seen 09:00 closed'],
  },
  {
    name: 'as slowly as they were made, in between live reports: no clock speaks twice',
    reports: [...live, ...sent(gap, '11:30:03', 60_000)],
    expected: ['stack cems-1 nox [09:00, 10:00) seen 09:00 closed'],
  },
  {
    name: 'two gaps are two',
    reports: [
      ...nox('40x20 _x20 40x20 _x20 41x160'),
      ...sent([...nox('40.5x20', { from: '08:20' }), ...nox('40.5x20', { from: '09:00' })], '10:20:30'),
    ],
    expected: [
      'stack cems-1 nox [08:20, 08:40) seen 08:20 closed',
      'stack cems-1 nox [09:00, 09:20) seen 09:00 closed',
    ],
  },
  {
    name: 'the same gap in two goes, more than an hour apart',
    reports: [
      ...nox('40x60 _x60 41x300'),
      ...sent(nox('40.5x30', { from: '09:00' }), '11:30:30'),
      ...sent(nox('40.5x30', { from: '09:30' }), '12:40:30'),
    ],
    expected: [
      'stack cems-1 nox [09:00, 09:30) seen 09:00 closed',
      'stack cems-1 nox [09:30, 10:00) seen 09:30 closed',
    ],
  },
  { name: 'repeats fill nothing', reports: [...nox('40x240'), ...sent(nox('40x60'), '11:30:30')], expected: [] },
  {
    name: 'another value for what was there is a rewrite, not a filling',
    reports: [...nox('40x240'), ...sent(nox('30x60'), '11:30:30')],
    expected: [],
  },
  {
    name: 'one report alone',
    reports: [...nox('40x60 _ 41x180'), ...sent(nox('40', { from: '09:00' }), '11:30:30')],
    expected: ['stack cems-1 nox [09:00, 09:01) seen 09:00 closed'],
  },
  {
    name: 'a signal that was missing is filled in',
    reports: [
      ...nox('40x240'),
      ...sent(deviceReports({ device: 'cems-1', from: '09:00' }, { so2: '9x10' }), '11:30:30'),
    ],
    expected: ['stack cems-1 so2 [09:00, 09:10) seen 09:00 closed'],
  },
  {
    name: 'several signals are a finding of the device',
    reports: [
      ...deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '40x60 _x60 41x120', o2: '9x60 _x60 9x120' }),
      ...sent(deviceReports({ device: 'cems-1', from: '09:00' }, { nox: '40x10', o2: '9x10' }), '11:30:30'),
    ],
    expected: ['stack cems-1 [09:00, 09:10) seen 09:00 closed'],
  },
  {
    name: 'a meter of one line',
    plant: { line: { production: [{ device: 'm-mill', on: 200 }] } },
    reports: [
      ...deviceReports({ device: 'm-mill', from: '08:00' }, { power: '300x60 _x60 300x120' }),
      ...sent(deviceReports({ device: 'm-mill', from: '09:00' }, { power: '3x60' }), '11:30:30'),
    ],
    expected: ['line-1 m-mill power [09:00, 10:00) seen 09:00 closed'],
  },
  {
    name: 'eight days back: older than anything that is read again',
    reports: [
      ...nox('40x10'),
      ...nox('41x60', { from: '2026-11-30 12:00' }),
      ...sent(nox('40x10', { from: '08:30' }), '2026-11-30 12:30:30'),
    ],
    expected: ['stack cems-1 nox [08:30, 08:40) seen 08:30 closed'],
  },
  { name: 'a file without receive times', reports: nox('40x60 _x600 41x60'), expected: [] },
  {
    name: 'nothing more for an hour ends it',
    reports: [
      ...nox('40x60'),
      ...sent(nox('40.5x30', { from: '09:00' }), '11:00:10'),
      ...late(deviceReports({ device: 'cems-2', from: '12:10' }, { nox: '9' }), 0),
    ],
    plant: { ...PLANT, outlets: [{ id: 'other', device: 'cems-2' }] },
    expected: ['stack cems-1 nox [09:00, 09:30) seen 09:00 closed'],
  },
];

describe(RULE, () => {
  it.each(ROWS)('$name', ({ plant = PLANT, reports, expected }) => {
    expect(spansOf(replayReports(plantRegistry(plant), reports), RULE)).toEqual(expected);
  });

  it('is a note with its numbers where nothing else is wrong', () => {
    const [finding] = findingsOf(replayReports(plantRegistry(PLANT), [...live, ...sent(gap, '11:30:30')]), RULE);
    expect(finding?.severity).toBe('info');
    expect(finding?.evidence).toEqual({
      device: 'cems-1',
      since: rfc3339('09:00'),
      until: rfc3339('10:00'),
      minutes: 60,
      count: 60,
      resent: 0,
      leastLateMinutes: 91.5 + 5.9 / 60,
      mostLateMinutes: 150.5,
      allowedMinutes: 60,
      firstReceived: rfc3339('11:30:30'),
      lastReceived: '2026-11-22T11:30:35.900+08:00',
      siteSilent: false,
      reasons: [],
    });
    const said = ['cems-1', '09:00', '10:00', '60', '2.51'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('comes out the same when the detector is restarted in the middle', () => {
    const records = toRecords(plantRegistry(PLANT), [...live, ...sent(gap, '11:30:03', 6_000)]);
    const whole = driveEngine();
    const broken = driveEngine();
    records.forEach((record, index) => {
      whole.take(record);
      broken.take(record);
      if (index % 37 === 36) broken.restart('plant');
    });
    const drafts = (engine: ReturnType<typeof driveEngine>): unknown[] =>
      engine.finish().flatMap(({ entry }) => (entry.draft.rule.id === RULE ? [entry] : []));
    const expected = drafts(whole);
    expect(expected).toHaveLength(1);
    expect(drafts(broken)).toEqual(expected);
  });

  it('a backlog of a week is told a dozen times, not ten thousand', () => {
    const week = sent(nox('40x2000', { from: '2026-11-20 00:00' }), '2026-11-22 20:00', 50);
    const result = replayReports(plantRegistry(PLANT), [...nox('40x5', { from: '2026-11-19 23:55' }), ...week]);
    const [finding] = findingsOf(result, RULE);
    expect(finding?.revision).toBeLessThan(14);
    expect(finding?.revision).toBeGreaterThan(5);
  });
});
