import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import {
  enteredMark,
  findingLine,
  findingsOf,
  newRegistry,
  replayReports,
  type Arrival,
} from '../../tests/support/replay-reports.ts';
import { limitHour } from './limit.hour.ts';

const NOX = { signal: 'nox', max: 100, average: 'PT1H', source: 'DB41/1953-2020' } as const;

/** Hourly means of the device from 08:00 on, behind an hour that is of no interest, and time that passes after them. */
function played(nox: string, options: PlantOptions = {}, arrivals: readonly Arrival[] = []): readonly Finding[] {
  const registry = plantRegistry({ every: 'PT1H', ...options, outlet: { limits: [NOX], ...options.outlet } });
  const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { nox: `10 ${nox}` });
  return findingsOf(replayReports(registry, [...arrivals, ...hours, ...timePasses('20:00')]), 'limit.hour');
}

const lines = (...of: Parameters<typeof played>): readonly string[] => played(...of).map(findingLine);
const hoursOf = (finding: Finding | undefined): unknown[] => finding?.evidence['hours'] as unknown[];

describe('an hour over its limit', () => {
  it.each([
    ['at the limit is none', '100', []],
    ['a hair above it is one, unrounded', '100.001', ['limit.hour high 11-22 08:00 → 11-22 09:00 closed']],
    ['from twice the limit on it is critical', '200', ['limit.hour critical 11-22 08:00 → 11-22 09:00 closed']],
    ['just below twice the limit it is high', '199.9', ['limit.hour high 11-22 08:00 → 11-22 09:00 closed']],
    ['adjacent hours are one finding', '110x3 90', ['limit.hour high 11-22 08:00 → 11-22 11:00 closed']],
    [
      'an hour within parts two',
      '110 90 110 90',
      ['limit.hour high 11-22 08:00 → 11-22 09:00 closed', 'limit.hour high 11-22 10:00 → 11-22 11:00 closed'],
    ],
    [
      'an unknown hour parts two',
      '110 _ 110 90',
      ['limit.hour high 11-22 08:00 → 11-22 09:00 closed', 'limit.hour high 11-22 10:00 → 11-22 11:00 closed'],
    ],
    [
      'an over-range hour below the limit parts two',
      '110 90!T 110 90',
      ['limit.hour high 11-22 08:00 → 11-22 09:00 closed', 'limit.hour high 11-22 10:00 → 11-22 11:00 closed'],
    ],
    ['nothing valid is none', '900x3!M', []],
  ])('%s', (_name, nox, expected) => {
    expect(lines(nox)).toEqual(expected);
  });

  it('stays open at the end of a replay', () => {
    const registry = plantRegistry({ outlet: { limits: [NOX] } });
    const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '110x61' });
    const [finding] = findingsOf(replayReports(registry, minutes), 'limit.hour');
    expect(finding).toMatchObject({ state: 'open', end: null, detectedAt: rfc3339('09:00') });
  });

  it('tells both means, O2, how much was valid, the limit and its source, and each hour with its start', () => {
    const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '90x45 _x15 60x61', o2: '12x121' });
    const own = deviceReports({ device: 'cems-1', from: '08:00', period: 'PT1H' }, { nox: '80' });
    const registry = plantRegistry({ outlet: { o2Reference: 10, limits: [NOX] } });
    const [finding] = findingsOf(replayReports(registry, [...minutes, ...own]), 'limit.hour');
    // 90 × 11 / (21 − 12) = 110; 110 / 100 = 1.1
    expect(finding).toMatchObject({
      rule: 'limit.hour',
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      start: rfc3339('08:00'),
      end: rfc3339('09:00'),
      detectedAt: rfc3339('09:00'),
      state: 'closed',
      evidence: {
        limit: { max: 100, average: 'PT1H', source: 'DB41/1953-2020', role: 'legal' },
        hours: [
          {
            start: rfc3339('08:00'),
            value: 110,
            converted: 110,
            mean: 90,
            o2: 12,
            valid: 45,
            expected: 60,
            parts: 'minutes',
            source: 'samples',
            deviceMean: 80,
          },
        ],
        worst: 110,
        timesLimit: 1.1,
        excused: false,
      },
    });
  });

  it('lists every hour of a run', () => {
    const [finding] = played('110 130 120 90');
    expect(hoursOf(finding)).toMatchObject([
      { start: rfc3339('08:00'), value: 110 },
      { start: rfc3339('09:00'), value: 130 },
      { start: rfc3339('10:00'), value: 120 },
    ]);
    expect(finding?.evidence['worst']).toBe(130);
  });

  it('keeps its name in another replay', () => {
    expect(played('110 90')[0]?.id).toBe(played('110 120 90')[0]?.id);
  });

  it('says so where it is over even as a lower bound', () => {
    const before = deviceReports(
      { device: 'cems-1', from: '2026-11-21', period: 'PT1H' },
      { nox: '10x24', o2: '7x24' },
    );
    // 140 × 11 / (21 − 7) = 110
    const [finding] = played('140', { outlet: { o2Reference: 10, limits: [NOX] } }, before);
    expect(finding?.evidence).toMatchObject({
      lowerBound: true,
      hours: [{ value: 110, assumedO2: 7, lowerBound: true }],
    });
    expect(finding?.explanation.en).toContain('lower bound');
  });
});

describe('an hour below its minimum', () => {
  const furnace = { signal: 'furnace-temp', min: 850, average: 'PT1H' };
  const at = (temp: string): readonly string[] => {
    const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { 'furnace-temp': `900 ${temp}` });
    const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [furnace] } });
    return findingsOf(replayReports(registry, [...hours, ...timePasses('12:00')]), 'limit.hour').map(findingLine);
  };

  it('is an exceedance, at the minimum it is none', () => {
    expect(at('850')).toEqual([]);
    expect(at('849.9')).toEqual(['limit.hour high 11-22 08:00 → 11-22 09:00 closed']);
  });
});

describe('the limit in force', () => {
  it('is that of the hour’s start, from inclusive and to exclusive', () => {
    const limits = [{ ...NOX, from: rfc3339('09:00'), to: rfc3339('11:00') }];
    expect(lines('110x5', { outlet: { limits } })).toEqual(['limit.hour high 11-22 09:00 → 11-22 11:00 closed']);
  });

  it('begins with a date at local midnight', () => {
    const limits = [{ ...NOX, from: '2026-11-22' }];
    const night = deviceReports({ device: 'cems-1', from: '2026-11-21 22:00', period: 'PT1H' }, { nox: '110x4' });
    expect(lines('90', { outlet: { limits } }, night)).toEqual(['limit.hour high 11-22 00:00 → 11-22 02:00 closed']);
  });

  it('changes in event time: each hour is judged by its own permit', () => {
    const limits = [
      { ...NOX, to: rfc3339('10:00') },
      { ...NOX, max: 120, from: rfc3339('10:00') },
    ];
    // 08:00 and 09:00 against 100, 10:00 and 11:00 against 120
    expect(lines('110x4', { outlet: { limits } })).toEqual(['limit.hour high 11-22 08:00 → 11-22 10:00 closed']);
  });

  it('is the new one for the past as well once a registry says so', () => {
    const stricter = plantRegistry({ every: 'PT1H', outlet: { limits: [{ ...NOX, max: 80 }] } });
    expect(lines('90 70')).toEqual([]);
    expect(lines('90 70', {}, [newRegistry(stricter, '12:00')])).toEqual([
      'limit.hour high 11-22 08:00 → 11-22 09:00 closed',
    ]);
  });

  it('may be written as PT60M', () => {
    expect(lines('110 90', { outlet: { limits: [{ ...NOX, average: 'PT60M' }] } })).toEqual([
      'limit.hour high 11-22 08:00 → 11-22 09:00 closed',
    ]);
  });

  it('with the role of a warning makes findings of low severity', () => {
    expect(lines('250 90', { outlet: { limits: [{ ...NOX, role: 'warning' }] } })).toEqual([
      'limit.hour low 11-22 08:00 → 11-22 09:00 closed',
    ]);
  });

  it('may allow some hours: only those after them are findings', () => {
    const limits = [{ ...NOX, allow: { count: 2, per: 'P1D' } }];
    expect(lines('110x2 90', { outlet: { limits } })).toEqual([]);
    expect(lines('110 90 110x3 90', { outlet: { limits } })).toEqual([
      'limit.hour high 11-22 11:00 → 11-22 13:00 closed',
    ]);
  });
});

describe('an excused hour', () => {
  it('that exceeds is a finding of severity info that names mark, who and when', () => {
    const mark = declaredMark({
      device: 'cems-1',
      state: 'start-up',
      from: '08:00',
      until: '10:00',
      received: '08:20',
    });
    const findings = played('110x3 90', {}, [mark]);
    expect(findings.map(findingLine)).toEqual([
      'limit.hour info 11-22 08:00 → 11-22 10:00 closed',
      'limit.hour high 11-22 10:00 → 11-22 11:00 closed',
    ]);
    expect(hoursOf(findings[0])[0]).toMatchObject({
      mark: { state: 'start-up', by: 'cems-1', from: rfc3339('08:00'), declaredAt: rfc3339('08:20') },
    });
    expect(findings[0]?.explanation.en).toContain('cems-1 declared it start-up at 2026-11-22 08:20');
  });

  it('that does not exceed is no finding', () => {
    expect(
      lines('90', {}, [declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '09:00' })]),
    ).toEqual([]);
  });

  it('becomes info, and names the officer, once a late mark is accepted', () => {
    const mark = { site: 'plant', outlet: 'stack', state: 'fault', from: rfc3339('08:00'), to: rfc3339('09:00') };
    const findings = played('110 90', {}, [enteredMark(mark, '15:00', 'officer-7')]);
    expect(findings.map(findingLine)).toEqual(['limit.hour info 11-22 08:00 → 11-22 09:00 closed']);
    expect(hoursOf(findings[0])[0]).toMatchObject({
      mark: { state: 'fault', by: 'officer-7', declaredAt: rfc3339('15:00') },
    });
  });

  it('withdraws the exceedance that stood before with its cause and successor', () => {
    const registry = plantRegistry({ every: 'PT1H', outlet: { limits: [NOX] } });
    const hours = deviceReports({ device: 'cems-1', from: '07:00', period: 'PT1H' }, { nox: '10 110 90' });
    const mark = { site: 'plant', outlet: 'stack', state: 'fault', from: rfc3339('08:00'), to: rfc3339('09:00') };
    const { findings } = replayReports(registry, [...hours, enteredMark(mark, '15:00'), ...timePasses('16:00')]);
    const info = findings.find(({ severity }) => severity === 'info');
    const high = findings.find(({ rule, severity }) => rule === 'limit.hour' && severity === 'high');
    expect(high).toMatchObject({ state: 'withdrawn', withdrawn: { cause: 'mark', successor: info?.id } });
  });
});

describe('late data', () => {
  const registry = plantRegistry({ outlet: { limits: [NOX] } });
  const stack = (from: string, nox: string, delayMs?: number): readonly Arrival[] =>
    deviceReports({ device: 'cems-1', from, ...(delayMs === undefined ? {} : { delayMs }) }, { nox });

  it('withdraws a finding that no longer holds', () => {
    // 45 minutes of 110 are over; with 15 of 60 behind them: (45 × 110 + 15 × 60) / 60 = 97.5
    const { findings } = replayReports(registry, [
      ...stack('08:00', '110x45'),
      ...stack('08:45', '60x15', 1_800_000),
      ...stack('09:00', '90x60'),
    ]);
    expect(
      findings.filter(({ rule }) => rule === 'limit.hour').map(({ state, withdrawn }) => [state, withdrawn?.cause]),
    ).toEqual([['withdrawn', 'late-data']]);
  });

  it('makes a finding of an hour that was unknown', () => {
    const result = replayReports(registry, [
      ...stack('08:00', '110x30'),
      ...stack('08:30', '110x15', 3_600_000),
      ...stack('09:00', '90x61'),
    ]);
    expect(findingsOf(result, 'limit.hour').map(findingLine)).toEqual([
      'limit.hour high 11-22 08:00 → 11-22 09:00 closed',
    ]);
  });
});

describe('the explanation', () => {
  it('names the worst value, the limit, its source and how many hours', () => {
    const text = limitHour.explain({
      limit: { max: 100, average: 'PT1H', source: 'DB41/1953-2020' },
      hours: [
        { start: rfc3339('08:00'), converted: 110 },
        { start: rfc3339('09:00'), converted: 130 },
      ],
      worst: 130,
    });
    expect(text.en).toBe(
      'From 2026-11-22 08:00, 2 hours in a row had a converted mean above the limit of 100, the worst 130. The limit is set on PT1H (DB41/1953-2020).',
    );
    expect(text.zh).toContain('连续 2 个小时的折算均值超过限值 100，最不利值 130');
  });
});
