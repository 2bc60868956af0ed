/** What the rules about channels and cameras remember survives a restart, and late data, at any moment of a run. */
import { describe, expect, it } from 'vitest';
import { deviceReports, type TestReport } from '../support/device-reports.ts';
import { driveEngine } from '../support/drive-engine.ts';
import { moment, rfc3339 } from '../support/local-moment.ts';
import { plantRegistry } from '../support/plant-registry.ts';
import { findingsOf, replayReports, toRecords } from '../support/replay-reports.ts';

const MINUTE_MS = 60_000;
const MINUTES = 180;
const REGISTRY = plantRegistry({
  outlet: {
    ranges: { nox: [0, 500], so2: [0, 100] },
    resolution: { nox: 0.1, so2: 0.1 },
    limits: [{ signal: 'nox', max: 400, average: 'PT1H', from: '2024-01-01' }],
  },
  line: { production: [{ device: 'm-mill', on: 200 }], cameras: ['cam-1'] },
});

/** Changes with every minute; then one picture, then eight in a loop. */
function pictureAt(minute: number): string {
  if (minute >= 70 && minute < 105) return 'still';
  return minute >= 110 && minute < 170 ? `loop-${String(minute % 8)}` : `live-${String(minute)}`;
}

function cameraReports(): readonly TestReport[] {
  return Array.from({ length: MINUTES }, (_, minute) => ({
    site: 'plant',
    device: 'cam-1',
    report: {
      ts: rfc3339(moment('08:00') + minute * MINUTE_MS),
      values: { online: minute >= 20 && minute < 40 ? 0 : 1, occluded: 0, 'picture-hash': pictureAt(minute) },
    },
  }));
}

const REPORTS: readonly TestReport[] = [
  ...deviceReports({ device: 'm-mill', from: '08:00' }, { power: `300x${String(MINUTES)}` }),
  ...deviceReports(
    { device: 'cems-1', from: '08:00' },
    {
      nox: '30+0.2x70 0 30+0.1x20 0.1x26 40+0.1x20 500x30!T 60+0.1x10',
      so2: '12+0.1x100 0x30 12+0.1x50',
      'line-temp': '145x60 95x90 145x30',
    },
  ),
  ...cameraReports(),
];

const RULES = ['falsification.pinned', 'quality.sampling', 'quality.video'];
const EXPECTED = [
  'falsification.pinned nox 09:31 09:57 medium',
  'falsification.pinned nox 10:17 10:47 high',
  'falsification.pinned so2 09:40 10:10 medium',
  'quality.sampling line-temp 09:00 10:30 medium',
  'quality.video online 08:20 08:40 low',
  'quality.video picture-hash 09:10 09:45 medium',
  'quality.video picture-hash 09:58 10:50 medium',
];

describe('channels and cameras through the engine', () => {
  it('are found', () => {
    const result = replayReports(REGISTRY, REPORTS);
    const said = RULES.flatMap((rule) => findingsOf(result, rule)).map(
      ({ rule, subject, start, end, severity }) =>
        `${rule} ${subject.signal ?? ''} ${start.slice(11, 16)} ${end?.slice(11, 16) ?? '…'} ${severity}`,
    );
    expect(said.sort()).toEqual(EXPECTED);
  });

  it('a detector that is saved and loaded after every seventh report finds the same, byte for byte', () => {
    const run = (isRestarted: boolean): string => {
      const engine = driveEngine();
      toRecords(REGISTRY, REPORTS).forEach((record, index) => {
        engine.take(record);
        if (isRestarted && index % 7 === 6) engine.restart('plant');
      });
      const entries = engine
        .finish()
        .map(({ entry }) => ({ ...entry, draft: { ...entry.draft, rule: entry.draft.rule.id } }));
      return JSON.stringify(entries.sort((a, b) => (a.id < b.id ? -1 : 1)));
    };
    expect(run(true)).toBe(run(false));
  });

  it('reports that come hours late and out of order lead to the same', () => {
    const late = REPORTS.map((one, index) =>
      index % 11 === 3 ? { ...one, received: Date.parse(one.report.ts) + 100 * MINUTE_MS } : one,
    );
    const standing = (reports: readonly TestReport[]): readonly unknown[] => {
      const result = replayReports(REGISTRY, reports);
      return RULES.flatMap((rule) => findingsOf(result, rule))
        .map(({ id, start, end, severity, evidence }) => ({ id, start, end, severity, evidence }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    expect(standing(late)).toEqual(standing(REPORTS));
  });
});
