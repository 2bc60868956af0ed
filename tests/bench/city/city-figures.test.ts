import { describe, expect, it } from 'vitest';
import { cityRows, failuresOf, questionLines, type CityFigures } from './city-figures.ts';

const FIGURES: CityFigures = {
  sites: 3_650,
  devices: 29_484,
  seconds: 60,
  naturalPerSecond: 483,
  takenIn: 30_000,
  probeReports: 1_200,
  readByDetection: 30_000,
  deadLetters: 0,
  unacknowledged: 0,
  lagSeconds: [0, 0, 0.25],
  answersMs: new Map([
    ['sites', [2, 3, 4]],
    ['site', [5, 60, 6]],
  ]),
  refusals: [],
  readers: { opened: 50, alive: 50, events: [1_040, 1_041] },
  acknowledgedMs: [4],
  readableMs: [20, 1_250],
  lostProbes: [],
  loopDelayMs: [12],
  server: { cores: 0.468, peakMb: 996.4 },
  simulator: { cores: 0.07, peakMb: 344 },
  watcherCores: 0.1,
  otherCores: 0.02,
};

describe('the figures of a city', () => {
  it('count the reports of the probe apart, and take all answers together', () => {
    const rows = new Map(cityRows(FIGURES, { serverMb: 1_000 }).map(({ what, figure }) => [what, figure]));
    expect(rows.get('3,650 sites, 29,484 devices, for 1.0 min')).toMatch(/^480 reports\/s, and 20\.0\/s of the probe;/);
    expect(rows.get('API, 0.10 questions/s beside 50 live readers')).toBe(
      'p50 4.00 ms, p99 60.0 ms, at most 60.0 ms; 0 refused',
    );
    expect(rows.get('live readers')).toBe('50 of 50 alive, 1,040 to 1,041 events each');
    expect(rows.get('report sent → its finding readable in the API, 2 times')).toBe(
      'p50 20.0 ms, p99 1,250 ms, at most 1,250 ms',
    );
    expect(rows.get('server')).toBe('0.47 cores, 996 MB at most');
  });

  it('name the slowest question first', () => {
    expect(questionLines(FIGURES).map((line) => line.trim().split(':')[0])).toEqual(['site', 'sites']);
  });

  it('are no figures where something was refused, lost or cut off', () => {
    expect(failuresOf(FIGURES)).toEqual([]);
    const readers = { ...FIGURES.readers, alive: 48 };
    expect(failuresOf({ ...FIGURES, readers, refusals: ['429'], lostProbes: ['no finding'] })).toEqual([
      '429',
      'no finding',
      '2 live readers were cut off',
    ]);
  });

  it('that are not there are unknown, not zero', () => {
    const rows = cityRows({ ...FIGURES, readableMs: [] }, { serverMb: 1_000 });
    expect(rows.find(({ what }) => what.startsWith('report sent → its'))?.figure).toMatch(/^p50 unknown ms/);
  });
});
