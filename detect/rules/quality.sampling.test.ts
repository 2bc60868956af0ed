import { describe, expect, it } from 'vitest';
import { deviceReports, declaredMark, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MILL = { production: [{ device: 'm-mill', on: 200 }] };

const line = (text: string): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from: '07:00' }, { 'line-temp': text });
const cooler = (text: string): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from: '07:00' }, { 'cooler-temp': text });
const mill = (power: string): readonly TestReport[] => deviceReports({ device: 'm-mill', from: '07:00' }, { power });

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const HALF_HOUR = 'cems-1 line-temp [08:00, 08:30) seen 08:30 closed';

const ROWS: readonly Row[] = [
  { name: 'twenty-nine minutes are none', reports: line('145x60 110x29 145x10'), expected: [] },
  {
    name: 'thirty minutes are one, decided by the value that ends the thirtieth',
    reports: line('145x60 110x30 145x10'),
    expected: [HALF_HOUR],
  },
  {
    name: 'thirty-one minutes are seen after thirty',
    reports: line('145x60 110x31 145x10'),
    expected: ['cems-1 line-temp [08:00, 08:31) seen 08:30 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: line('145x60 110x90'),
    expected: ['cems-1 line-temp [08:00, …) seen 08:30 open'],
  },
  {
    name: 'from the first value on',
    reports: line('110x40 145x5'),
    expected: ['cems-1 line-temp [07:00, 07:40) seen 07:30 closed'],
  },
  { name: 'at the edge of the band it is inside', reports: line('145x60 120x60 230x60'), expected: [] },
  {
    name: 'too hot and too cold are two',
    reports: line('145x60 240x30 100x40 145x5'),
    expected: [HALF_HOUR, 'cems-1 line-temp [08:30, 09:10) seen 09:00 closed'],
  },
  { name: 'one minute inside the band ends it', reports: line('145x60 110x29 121 110x29 145x5'), expected: [] },
  {
    name: 'the probe has a band of its own',
    reports: deviceReports({ device: 'cems-1', from: '07:00' }, { 'probe-temp': '180x60 260x60 119x30 180x5' }),
    expected: ['cems-1 probe-temp [09:00, 09:30) seen 09:30 closed'],
  },
  {
    name: 'a cooler that is too warm',
    reports: cooler('4x60 6.1x30 4x5'),
    expected: ['cems-1 cooler-temp [08:00, 08:30) seen 08:30 closed'],
  },
  {
    name: 'a cooler that freezes',
    reports: cooler('4x60 0.9x30 4x5'),
    expected: ['cems-1 cooler-temp [08:00, 08:30) seen 08:30 closed'],
  },
  { name: 'a cooler in its band', reports: cooler('1x60 6x60 4x60'), expected: [] },
  { name: 'a gap does not count', reports: line('145x60 110x20 _x10 110x10 145x10'), expected: [] },
  {
    name: 'a gap does not end',
    reports: line('145x60 110x21 _x10 110x10 145x10'),
    expected: ['cems-1 line-temp [08:00, 08:41) seen 08:41 closed'],
  },
  {
    name: 'flagged minutes are unknown',
    reports: line('145x60 110x15 145x10!C 110x15 145x10'),
    expected: ['cems-1 line-temp [08:00, 08:40) seen 08:40 closed'],
  },
  { name: 'spikes of the sensor', reports: line('145x60 110x2 145x20 110x5 145x20 110x28 145x5'), expected: [] },
  { name: 'a broken sensor', reports: line('145x60 850x60 -200x60 145x5'), expected: [] },
  {
    name: 'nonsense in between is unknown',
    reports: line('145x60 110x15 999x20 110x15 145x5'),
    expected: ['cems-1 line-temp [08:00, 08:50) seen 08:50 closed'],
  },
  { name: 'warming up after a power cut', reports: line('145x60 _x40 30+1.5x60 145x20'), expected: [] },
  {
    name: 'an hour is enough for that',
    reports: line('145x60 _x40 60x95 145x20'),
    expected: ['cems-1 line-temp [09:40, 10:15) seen 10:10 closed'],
  },
  {
    name: 'what was back in its band has warmed up',
    reports: line('145x60 _x40 60x20 145x5 110x30 145x5'),
    expected: ['cems-1 line-temp [09:05, 09:35) seen 09:35 closed'],
  },
  {
    name: 'warming up after a maintenance',
    reports: [
      ...line('145x60 25x60 40+1.5x55 145x20'),
      declaredMark({ device: 'cems-1', state: 'maintenance', from: '08:00', until: '09:00' }),
    ],
    expected: [],
  },
  {
    name: 'a calibration of a few minutes does not cool it: what was counted before it stands',
    reports: [
      ...line('145x60 110x50 145x20'),
      declaredMark({ device: 'cems-1', state: 'calibration', from: '08:10', until: '08:25' }),
    ],
    expected: ['cems-1 line-temp [08:00, 08:50) seen 08:45 closed'],
  },
  {
    name: 'the plant stands',
    plant: { line: MILL },
    reports: [...line('145x60 60x120 145x10'), ...mill('300x60 3x130')],
    expected: [],
  },
  {
    name: 'it warms up again when the plant starts',
    plant: { line: MILL },
    reports: [...line('145x60 60x120 60+2x45 145x20'), ...mill('300x60 3x120 300x65')],
    expected: [],
  },
  {
    name: 'the plant works',
    plant: { line: MILL },
    reports: [...line('145x60 110x30 145x10'), ...mill('300x100')],
    expected: [HALF_HOUR],
  },
  {
    name: 'a site may have another band',
    plant: { site: { rules: { 'quality.sampling': { coolerHighC: 12, durationMs: 600_000 } } } },
    reports: cooler('4x60 11x60 13x10 4x5'),
    expected: ['cems-1 cooler-temp [09:00, 09:10) seen 09:10 closed'],
  },
  {
    name: 'an instrument of two outlets is told once',
    plant: { outlets: [{ id: 'bypass-stack', device: 'cems-1' }] },
    reports: line('145x60 110x30 145x10'),
    expected: [HALF_HOUR],
  },
];

describe('quality.sampling', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    expect(spansOf(replayReports(plantRegistry(plant), reports), 'quality.sampling')).toEqual(expected);
  });

  const only = (reports: readonly TestReport[]): ReturnType<typeof findingsOf>[number] | undefined =>
    findingsOf(replayReports(plantRegistry(), reports), 'quality.sampling')[0];

  it('is medium after four hours, or where it is far outside', () => {
    expect(only(line('145x60 110x239'))?.severity).toBe('low');
    expect(only(line('145x60 110x241'))?.severity).toBe('medium');
    expect(only(line('145x60 99x40'))?.severity).toBe('medium');
    expect(only(cooler('4x60 9.9x40'))?.severity).toBe('low');
    expect(only(cooler('4x60 10.1x40'))?.severity).toBe('medium');
  });

  it('says the numbers it rests on, and what they do to the gas', () => {
    const finding = only(line('145x60 110x20 105x20 145x10'));
    expect(finding).toMatchObject({
      subject: { device: 'cems-1', signal: 'line-temp' },
      severity: 'low',
      evidence: {
        side: 'low',
        since: rfc3339('08:00'),
        minutes: 40,
        neededMinutes: 30,
        meanC: 107.5,
        extremeC: 105,
        lowC: 120,
        highC: 230,
        outlet: 'stack',
        operating: true,
      },
    });
    expect(
      finding === undefined ? ['nothing found'] : wordProblems(finding, ['107.5 °C', '120', '230', '08:00', '40']),
    ).toEqual([]);
    expect(finding?.explanation.zh).toContain('二氧化硫');
    expect(finding?.explanation.en).toContain('SO₂');
  });
});
