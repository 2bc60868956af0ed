/** What makes a filled stretch more than a note, and what makes it none at all: through the whole detector. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { deviceReports, eventEnd, type TestReport } from '../../tests/support/device-reports.ts';
import { wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';
import { createRandom } from '../../tests/support/seeded-random.ts';

const RULE = 'falsification.backfill';
const LIMIT = { signal: 'nox', max: 100, average: 'PT1H', from: '2024-01-01' };
const PLANT: PlantOptions = { outlet: { resolution: { nox: 0.1 }, ranges: { nox: [0, 500] }, limits: [LIMIT] } };
const MINUTE = 60_000;

type ByMinute = (minute: number) => number;

/** Noise of ±3 around a level, with one decimal. */
function noisy(level: number, seed = 1): ByMinute {
  const random = createRandom(seed);
  return () => Number((level + (random.below(61) - 30) / 10).toFixed(1));
}

function minutes(
  from: string,
  count: number,
  nox: ByMinute,
  more: Readonly<Record<string, number>> = {},
): TestReport[] {
  return Array.from({ length: count }, (_, minute) => ({
    site: 'plant',
    device: 'cems-1',
    report: { ts: rfc3339(moment(from) + minute * MINUTE), values: { nox: nox(minute), ...more } },
  }));
}

function sent(reports: readonly TestReport[], at: string): TestReport[] {
  return reports.map((report, index) => ({ ...report, received: moment(at) + 50 * index }));
}

/** Live from 04:00 on but for 09:00–10:00, which is sent at 12:30. */
function world(fill: readonly TestReport[], plant = PLANT, around: readonly TestReport[] = []): Finding | undefined {
  const live = [...minutes('04:00', 300, noisy(50)), ...minutes('10:00', 180, noisy(50, 2))];
  const found = findingsOf(replayReports(plantRegistry(plant), [...live, ...around, ...sent(fill, '12:30:30')]), RULE);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

function kinds(finding: Finding | undefined): readonly unknown[] {
  const reasons = finding?.evidence['reasons'];
  return [finding?.severity, ...(Array.isArray(reasons) ? reasons.map((reason: { kind: string }) => reason.kind) : [])];
}

describe(`${RULE}: shape of what is filled`, () => {
  it('honest noise is a note', () => {
    expect(kinds(world(minutes('09:00', 60, noisy(50, 3))))).toEqual(['info']);
  });

  it('a straight line is found, and said', () => {
    const finding = world(minutes('09:00', 60, (minute) => Number((48 + 0.05 * minute).toFixed(1))));
    expect(kinds(finding)).toEqual(['medium', 'interpolated']);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['60', '09:00'])).toEqual([]);
    expect(finding?.explanation.en).toContain('as if interpolated');
  });

  it('six minutes on a line are enough, five are not', () => {
    const line = (count: number): TestReport[] => minutes('09:00', count, (minute) => 46 + 0.8 * minute);
    expect(kinds(world([...line(6)]))).toEqual(['medium', 'interpolated']);
    expect(kinds(world([...line(5)]))).toEqual(['info']);
  });

  it('the mean of both ends', () => {
    const [before] = minutes('08:59', 1, () => 51.3);
    const [after] = minutes('10:00', 1, () => 48.7);
    const live = [...minutes('04:00', 299, noisy(50)), before, after, ...minutes('10:01', 180, noisy(50, 2))];
    const reports = [
      ...(live as TestReport[]),
      ...sent(
        minutes('09:00', 60, () => 50),
        '12:30:30',
      ),
    ];
    const [finding] = findingsOf(replayReports(plantRegistry(PLANT), reports), RULE);
    expect(kinds(finding)).toEqual(['medium', 'mean-of-ends']);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['60'])).toEqual([]);
  });

  it('a little noise on a made-up level is too smooth', () => {
    const random = createRandom(9);
    const finding = world(minutes('09:00', 60, () => Number((50 + random.below(3) / 10).toFixed(1))));
    expect(kinds(finding)).toEqual(['medium', 'smooth']);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['60'])).toEqual([]);
  });

  it('flagged as not measured it is no forgery', () => {
    const flagged = minutes('09:00', 60, () => 50).map((entry) => ({
      ...entry,
      report: { ...entry.report, flags: { nox: 'M' as const } },
    }));
    expect(kinds(world(flagged))).toEqual(['info']);
  });

  it('at the detection floor, with air in the stack, and far below the usual level nothing is said', () => {
    expect(kinds(world(minutes('09:00', 60, () => 0)))).toEqual(['info']);
    expect(kinds(world(minutes('09:00', 60, () => 3)))).toEqual(['info']);
    expect(kinds(world(minutes('09:00', 60, () => 50, { o2: 20.8 })))).toEqual(['info']);
  });

  it('of a channel that hardly moves, or of a new device, nothing is said', () => {
    const line = sent(
      minutes('09:00', 60, (minute) => 48 + 0.1 * minute),
      '12:30:30',
    );
    const coarse = [...minutes('04:00', 300, (minute) => 50 + (minute % 3) / 10), ...minutes('10:00', 180, () => 50)];
    const young = [...minutes('08:45', 15, noisy(50)), ...minutes('12:20', 12, noisy(50, 2))];
    for (const live of [coarse, young]) {
      const [finding] = findingsOf(replayReports(plantRegistry(PLANT), [...live, ...line]), RULE);
      expect(kinds(finding)[0]).toBe('info');
    }
  });
});

describe(`${RULE}: what it touches`, () => {
  it('a value over the limit', () => {
    const finding = world(minutes('09:00', 60, (minute) => (minute === 30 ? 100.1 : 50 + ((minute * 7) % 11))));
    expect(kinds(finding)).toEqual(['medium', 'over-limit']);
    expect(finding?.evidence['reasons']).toEqual([
      { kind: 'over-limit', signal: 'nox', value: 100.1, limit: 100, at: rfc3339('09:30'), count: 1 },
    ]);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['100.1', '100', '09:30'])).toEqual([]);
  });

  it('at the limit is not over it; a warning level, a daily limit and a limit of other times are not it', () => {
    const noise = noisy(90, 5);
    const fill = minutes('09:00', 60, (minute) => (minute === 0 ? 100 : noise(minute)));
    expect(kinds(world(fill))).toEqual(['info']);
    const outlet = { resolution: { nox: 0.1 }, ranges: { nox: [0, 500] as [number, number] } };
    const limits = [
      LIMIT,
      { ...LIMIT, max: 60, average: 'P1D' },
      { ...LIMIT, max: 60, average: 'PT10M', role: 'warning' as const },
    ];
    const plant = { outlet: { ...outlet, limits } };
    const old = { outlet: { ...outlet, limits: [{ ...LIMIT, max: 60, to: '2025-01-01' }] } };
    const tops = [plant, old].map((one) => kinds(world(fill, one)).slice(1));
    expect(tops.map((found) => found.includes('over-limit'))).toEqual([false, false]);
  });

  it('is converted with its own oxygen', () => {
    const outlet = { ...PLANT.outlet, o2Reference: 10 };
    const noise = noisy(50, 6);
    // 50 × (21 − 10) ÷ (21 − 16) = 110
    expect(kinds(world(minutes('09:00', 60, noise, { o2: 16 }), { outlet }))[1]).toBe('over-limit');
    expect(kinds(world(minutes('09:00', 60, noise, { o2: 12 }), { outlet }))).toEqual(['info']);
    expect(kinds(world(minutes('09:00', 60, noise), { outlet }))).toEqual(['info']);
  });

  it('an exceedance right before the gap, though what is filled is below', () => {
    const live = [
      ...minutes('04:00', 240, noisy(50)),
      ...minutes('08:00', 60, noisy(130, 8)),
      ...minutes('10:00', 180, noisy(50, 2)),
    ];
    const fill = sent(minutes('09:00', 60, noisy(50, 4)), '12:30:30');
    const [finding] = findingsOf(replayReports(plantRegistry(PLANT), [...live, ...fill]), RULE);
    expect(kinds(finding)).toEqual(['medium', 'exceedance']);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['08:00'])).toEqual([]);
    const line = sent(
      minutes('09:00', 60, (minute) => 48 + minute / 10),
      '12:30:30',
    );
    const [both] = findingsOf(replayReports(plantRegistry(PLANT), [...live, ...line]), RULE);
    expect(kinds(both)).toEqual(['high', 'exceedance', 'interpolated']);
  });

  it('the whole site was silent: an outage, whatever it touches', () => {
    const plant = { ...PLANT, line: { production: [{ device: 'm-mill', on: 200 }] } };
    const mill = (from: string, count: number): readonly TestReport[] =>
      deviceReports({ device: 'm-mill', from }, { power: `300x${String(count)}` });
    const fill = minutes('09:00', 60, (minute) => (minute === 30 ? 120 : 50 + ((minute * 7) % 11)));
    const silent = world(fill, plant, [...mill('04:00', 300), ...mill('10:00', 150)]);
    expect([silent?.severity, silent?.evidence['siteSilent']]).toEqual(['info', true]);
    const heard = world(fill, plant, mill('04:00', 510));
    expect([heard?.severity, heard?.evidence['siteSilent']]).toEqual(['medium', false]);
  });
});

describe(`${RULE}: a clock that is behind`, () => {
  const behind = (reports: readonly TestReport[], ms: number): TestReport[] =>
    reports.map((report) => ({ ...report, received: eventEnd(report.report) + ms }));
  const found = (reports: readonly TestReport[]): readonly Finding[] =>
    replayReports(plantRegistry(PLANT), reports).findings.filter(({ rule }) => rule === RULE);

  it('from the first report on: nothing is said', () => {
    expect(found(behind(minutes('08:00', 300, noisy(50)), 2 * 60 * MINUTE))).toEqual([]);
  });

  it('after a power cut that stopped its clock: what was said of the first report is taken back', () => {
    const reports = [
      ...minutes('04:00', 120, noisy(50)),
      ...behind(minutes('06:00', 300, noisy(50, 2)), 2 * 60 * MINUTE + 7_000),
    ];
    expect(found(reports).map(({ state, withdrawn }) => [state, withdrawn])).toEqual([
      ['withdrawn', { cause: 'clock' }],
    ]);
  });

  it('with a backlog on top of it: the backlog is late', () => {
    const clockMs = 2 * 60 * MINUTE;
    const reports = [
      ...behind(minutes('08:00', 120, noisy(50)), clockMs),
      ...sent(minutes('10:00', 90, noisy(50, 3)), '13:30:10'),
      ...behind(minutes('11:31', 60, noisy(50, 4)), clockMs),
    ];
    expect(found(reports).map(({ start, evidence }) => [start, evidence['until']])).toEqual([
      [rfc3339('10:00'), rfc3339('10:31')],
    ]);
  });

  it('a mean that is made two hours after midnight, each day', () => {
    const days = Array.from({ length: 5 }, (_, day): TestReport => {
      const ts = rfc3339(moment('2026-11-20') + day * 24 * 60 * MINUTE);
      return {
        site: 'plant',
        device: 'cems-1',
        report: { ts, period: 'P1D', values: { nox: 50 + day } },
        received: moment('2026-11-21') + (day * 24 + 2) * 60 * MINUTE,
      };
    });
    expect(found([...days, ...minutes('2026-11-20 00:00', 5 * 1_440, noisy(50))])).toEqual([]);
  });

  it('two single late reports far apart are no clock', () => {
    const reports = [
      ...minutes('04:00', 480, (minute) => (minute === 100 || minute === 200 ? Number.NaN : 50)).filter(
        ({ report }) => !Number.isNaN(report.values['nox']),
      ),
      ...sent(minutes('05:40', 1, noisy(50)), '09:00:30'),
      ...sent(minutes('07:20', 1, noisy(50)), '10:45:30'),
    ];
    expect(found(reports).map(({ start, state }) => [start, state])).toEqual([
      [rfc3339('05:40'), 'closed'],
      [rfc3339('07:20'), 'closed'],
    ]);
  });
});
