import { describe, expect, it } from 'vitest';
import type { LineEntry } from '../../contracts/registry/registry-file.ts';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MILL = { device: 'm-mill', rated: 1000, on: 200 };
const FAN = { device: 'm-fan', rated: 200, on: 20 };
const STAGE = ['m-fan', 'm-spare'].map((device) => ({ device, rated: 200, on: 20, stage: 'dust' }));

type Power = Readonly<Record<string, string>>;

/** Quarters of an hour of the days before, from 20 November on. */
function learned(powers: Power): readonly TestReport[] {
  return Object.entries(powers).flatMap(([device, power]) =>
    deviceReports({ device, from: '2026-11-20 00:00', period: 'PT15M' }, { power }),
  );
}

/** Minutes from 08:00 on. */
function minutes(powers: Power): readonly TestReport[] {
  return Object.entries(powers).flatMap(([device, power]) => deviceReports({ device, from: '08:00' }, { power }));
}

/** A day at 500 kW with the fan at 100 kW. */
const DAY = learned({ 'm-mill': '500x96', 'm-fan': '100x96' });
/** The fan follows the load: half a day at 800 kW with 160 kW, half a day at 300 kW with 40 kW. */
const INVERTER = learned({ 'm-mill': '800x60 300x60', 'm-fan': '160x60 40x60' });

interface Row {
  readonly name: string;
  readonly treatment?: LineEntry['treatment'];
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'thirty minutes below half of what is normal at this load are one',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 40x30 100x70' })],
    expected: ['line-1 m-fan [08:20, 08:50) seen 08:50 closed'],
  },
  {
    name: 'twenty-nine are none',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 40x29 100x71' })],
    expected: [],
  },
  {
    name: 'what goes on stays open',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 30x100' })],
    expected: ['line-1 m-fan [08:20, …) seen 08:50 open'],
  },
  {
    name: 'a little above half is no idling',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 56x100' })],
    expected: [],
  },
  {
    name: 'ripple above half neither ends it nor makes it longer',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 40x20 56x10 40x10 100x60' })],
    expected: ['line-1 m-fan [08:20, 09:00) seen 09:00 closed'],
  },
  {
    name: 'production that stops ends it, and does not count',
    reports: [...DAY, ...minutes({ 'm-mill': '500x60 3x60', 'm-fan': '100x20 40x100' })],
    expected: ['line-1 m-fan [08:20, 09:00) seen 08:50 closed'],
  },
  {
    name: 'a unit that is off is the matter of treatment.off',
    reports: [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 5x100' })],
    expected: [],
  },
  {
    name: 'without history nothing is said',
    reports: minutes({ 'm-mill': '500x240', 'm-fan': '100x120 30x120' }),
    expected: [],
  },
  {
    name: 'a fan on an inverter at the lower load',
    reports: [...INVERTER, ...minutes({ 'm-mill': '800x60 300x120', 'm-fan': '160x60 40x120' })],
    expected: [],
  },
  {
    name: 'the same power at the higher load idles',
    reports: [...INVERTER, ...minutes({ 'm-mill': '800x120', 'm-fan': '160x30 40x90' })],
    expected: ['line-1 m-fan [08:30, …) seen 09:00 open'],
  },
  {
    name: 'a load that was never seen: no more is expected of it than of a fan that follows',
    reports: [...DAY, ...minutes({ 'm-mill': '250x120', 'm-fan': '22x120' })],
    expected: [],
  },
  {
    name: 'a higher load that was never seen asks for no less than the one that was',
    reports: [...DAY, ...minutes({ 'm-mill': '900x120', 'm-fan': '100x20 40x100' })],
    expected: ['line-1 m-fan [08:20, …) seen 08:50 open'],
  },
  {
    name: 'a unit that works in turns of high and low',
    reports: [
      ...learned({ 'm-mill': '500x128', 'm-fan': Array.from({ length: 16 }, () => '100x5 30x3').join(' ') }),
      ...minutes({ 'm-mill': '500x120', 'm-fan': '100x40 30x45 100x35' }),
    ],
    expected: [],
  },
  {
    name: 'a silent unit, or silent production, neither extends nor ends it',
    reports: [...DAY, ...minutes({ 'm-mill': '500x60 _x20 500x40', 'm-fan': '100x20 40x10 _x10 40x80' })],
    expected: ['line-1 m-fan [08:20, …) seen 09:22 open'],
  },
  {
    name: 'the spare that runs instead has its own normal',
    treatment: STAGE,
    reports: [
      ...learned({ 'm-mill': '500x96', 'm-fan': '100x96', 'm-spare': '1x96' }),
      ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 1x100', 'm-spare': '1x20 45x100' }),
    ],
    expected: [],
  },
  {
    name: 'two that share the work are judged together',
    treatment: STAGE,
    reports: [
      ...learned({ 'm-mill': '500x96', 'm-fan': '100x96', 'm-spare': '1x96' }),
      ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 48x100', 'm-spare': '1x20 48x100' }),
    ],
    expected: [],
  },
  {
    name: 'two that idle together are one finding, of the weaker one',
    treatment: STAGE,
    reports: [
      ...learned({ 'm-mill': '500x96', 'm-fan': '100x96', 'm-spare': '1x96' }),
      ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 24x100', 'm-spare': '1x20 22x100' }),
    ],
    expected: ['line-1 m-spare [08:20, …) seen 08:50 open'],
  },
];

const registryOf = (treatment: LineEntry['treatment'] = [FAN]): string =>
  plantRegistry({ outlet: null, line: { production: [MILL], treatment } });

describe('treatment.idle', () => {
  it.each(ROWS)('$name', ({ treatment, reports, expected }) => {
    expect(spansOf(replayReports(registryOf(treatment), reports), 'treatment.idle')).toEqual(expected);
  });

  it('does not take a week of idling for normal, and a month of it does', () => {
    const days = (count: number): readonly string[] => {
      const power = { 'm-mill': `500x${String(96 * (count + 1))}`, 'm-fan': `100x96 40x${String(96 * count)}` };
      return spansOf(replayReports(registryOf(), learned(power)), 'treatment.idle');
    };
    expect(days(6)).toEqual(['line-1 m-fan [11-21 00:00, …) seen 11-21 00:30 open']);
    expect(days(9)).toEqual([expect.stringContaining('closed')]);
  });

  it('says the numbers it rests on', () => {
    const reports = [...DAY, ...minutes({ 'm-mill': '500x120', 'm-fan': '100x20 40x60 100x40' })];
    const [finding] = findingsOf(replayReports(registryOf(), reports), 'treatment.idle');
    expect(finding).toMatchObject({ severity: 'medium', state: 'closed' });
    expect(finding?.evidence).toEqual({
      line: 'line-1',
      device: 'm-fan',
      units: 'm-fan',
      since: rfc3339('08:20'),
      minutes: 60,
      neededMinutes: 30,
      productionKw: 500,
      treatmentKw: 40,
      normalKw: expect.closeTo(100, -1) as number,
      percentOfNormal: expect.closeTo(40, -1) as number,
      idlePercent: 50,
    });
    const said = ['line-1', 'm-fan', '08:20', '500', '40', '60'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });
});
