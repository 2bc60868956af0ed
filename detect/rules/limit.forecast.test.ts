import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { declaredMark, deviceReports } from '../../tests/support/device-reports.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, toRecords, type Arrival } from '../../tests/support/replay-reports.ts';

const NOX = { signal: 'nox', max: 100, average: 'PT1H', source: 'DB41/1953-2020' } as const;
type Series = Readonly<Record<string, string>>;

const stack = (signals: Series, from = '08:00'): readonly Arrival[] =>
  deviceReports({ device: 'cems-1', from }, signals);

function played(arrivals: readonly Arrival[], options: PlantOptions = {}, until = '09:00'): readonly Finding[] {
  const registry = plantRegistry({ ...options, outlet: { limits: [NOX], ...options.outlet } });
  return findingsOf(replayReports(registry, [...arrivals, ...timePasses(until)]), 'limit.forecast');
}

/** When it was decided, and how the hour ended. */
const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ detectedAt, state, evidence }) => `${detectedAt.slice(11, 19)} ${state} ${String(evidence['outcome'])}`,
  );

describe('an hour that is lost before it is over', () => {
  it.each([
    // 60 × 100 = 6000; after n reports of 300 the sum is 300 n: 6000 at the 20th (08:19), 6300 at the 21st
    ['is told with the report that decides it', '300x60', ['08:20:00 closed over']],
    ['at the limit exactly it is not decided yet', '300x20 0x40', []],
    ['a hair above is enough', '300x20 0x10 0.1 0x29', ['08:30:00 closed over']],
    // 45 valid minutes are enough: the first 15 are missing, 4500 are needed of the rest
    ['minutes that are lost do not count', '_x15 300x45', ['08:30:00 closed over']],
    ['minutes that are invalid do not either', '900!M _x14 300x45', ['08:30:00 closed over']],
    ['with 16 minutes lost the hour cannot be judged any more', '_x16 900x44', []],
    ['over range counts at face value', '300!Tx60', ['08:20:00 closed over']],
    ['a device that falls silent leaves it unknown', '300x21', ['08:20:00 closed unknown']],
    ['an even hour is decided in its last minute', '101x60', ['08:59:00 closed over']],
    ['a minute of the next hour is another one', '_x45 150x15', []],
  ])('%s', (_name, nox, expected) => {
    expect(told(played(stack({ nox: nox.replace('300!Tx60', '300x60!T') })))).toEqual(expected);
  });

  it('with everything that it rests on, and with what came of it', () => {
    const [finding] = played(stack({ nox: '300x30 200x30', temp: '90x60' }));
    expect(finding).toMatchObject({
      rule: 'limit.forecast',
      severity: 'medium',
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      start: rfc3339('08:00'),
      end: rfc3339('09:00'),
      detectedAt: rfc3339('08:20'),
      state: 'closed',
      evidence: {
        signal: 'nox',
        hour: rfc3339('08:00'),
        limit: { max: 100, average: 'PT1H', source: 'DB41/1953-2020', role: 'legal' },
        // 21 × 300 = 6300 over 60 minutes
        least: 105,
        sum: 6300,
        valid: 21,
        remaining: 39,
        expected: 60,
        partMinutes: 1,
        operatingBy: 'no-meters',
        outcome: 'over',
        value: 250,
      },
    });
    expect(wordProblems(finding as Finding, ['105', '100', '21', '39', '250'])).toEqual([]);
  });

  it('stays open while the hour runs', () => {
    const registry = plantRegistry({ outlet: { limits: [NOX] } });
    const [finding] = findingsOf(replayReports(registry, stack({ nox: '300x40' })), 'limit.forecast');
    expect(finding).toMatchObject({ state: 'open', end: null, evidence: { outcome: null } });
    expect(wordProblems(finding as Finding, ['105'])).toEqual([]);
  });

  it('every hour by itself', () => {
    const found = played(stack({ nox: '300x60 50x60 300x60' }), {}, '11:00');
    expect(told(found)).toEqual(['08:20:00 closed over', '10:20:00 closed over']);
  });

  it('of a device that makes means of a minute', () => {
    const minutes = deviceReports({ device: 'cems-1', from: '08:00', period: 'PT1M' }, { nox: '300x60' });
    // the 21st minute ends at 08:21
    expect(told(played(minutes))).toEqual(['08:21:00 closed over']);
  });

  it('in parts as long as the cadence, where that is coarser than a minute', () => {
    const every = { devices: [{ id: 'cems-1', kind: 'cems' as const, every: 'PT10M' }] };
    const parts = (nox: string): readonly Arrival[] =>
      deviceReports({ device: 'cems-1', from: '08:00', period: 'PT10M' }, { nox });
    // six parts: 600 are needed
    expect(told(played(parts('250x6'), every))).toEqual(['08:30:00 closed over']);
    // two of six missing: four cannot make it valid
    expect(told(played(parts('250x2 _x2 900x2'), every))).toEqual([]);
  });

  it('not before the running minute has all samples that its cadence promises', () => {
    const quick = { devices: [{ id: 'cems-1', kind: 'cems' as const, every: 'PT10S' }] };
    const samples = deviceReports({ device: 'cems-1', from: '08:00', every: 'PT10S' }, { nox: '300x360' });
    // the 21st minute is complete with its sixth sample, 08:20:50
    expect(told(played(samples, quick))).toEqual(['08:20:50 closed over']);
  });
});

describe('the value that the limit is set on', () => {
  const reference = { outlet: { limits: [NOX], o2Reference: 10 } };

  it('is converted with the O2 so far and zero for the rest', () => {
    // n reports of 600 and 12 %: 10 n × 11 / (21 − 0.2 n) > 100 from n = 17 on: 170 × 11 / 17.6 = 106.25; 16: 98.9
    const [finding, other] = played(stack({ nox: '600x60', o2: '12x60' }), reference);
    expect(other).toBeUndefined();
    expect(finding?.detectedAt).toBe(rfc3339('08:16'));
    expect(finding?.evidence).toMatchObject({
      leastMean: 170,
      converted: true,
      o2Sum: 204,
      o2Valid: 17,
      o2Remaining: 43,
    });
    expect(finding?.evidence['least']).toBeCloseTo(106.25, 9);
    expect(finding?.evidence['leastO2']).toBeCloseTo(3.4, 9);
  });

  it('is that of earlier days where this hour can have no valid O2 any more', () => {
    const before = deviceReports(
      { device: 'cems-1', from: '2026-11-21', period: 'PT1H' },
      { nox: '10x24', o2: '7x24' },
    );
    // from the 16th lost minute on: 600 n / 60 × 11 / 14 > 100 from n = 13 on, so at 08:16
    const found = played([...before, ...stack({ nox: '600x60' })], reference);
    expect(told(found)).toEqual(['08:16:00 closed over']);
    expect(found[0]?.evidence['assumedO2']).toBe(7);
  });

  it('is unknown without any O2', () => {
    expect(told(played(stack({ nox: '900x60' }), reference))).toEqual([]);
  });

  it('is dried like the hour itself', () => {
    const wet = { outlet: { limits: [NOX], basis: 'wet' as const } };
    // 300 n / 60 / (1 − 0.3 n / 60) > 100: 18: 90 / 0.91 = 98.9; 19: 95 / 0.905 = 105
    const [finding] = played(stack({ nox: '300x60', humidity: '30x60' }), wet);
    expect(finding?.detectedAt).toBe(rfc3339('08:18'));
    expect(told(played(stack({ nox: '300x60' }), wet))).toEqual([]);
  });
});

describe('the plant has to be at work for certain', () => {
  const line = { line: { production: [{ device: 'm-1', on: 100 }] } };
  const meter = (power: string): readonly Arrival[] => deviceReports({ device: 'm-1', from: '08:00' }, { power });

  it.each([
    ['a meter that was on in this hour shows it', '5x10 500x50', ['08:20:00 closed over']],
    ['a meter that comes on later shows it then', '5x30 500x30', ['08:30:00 closed over']],
    ['a meter that is off may show standstill', '5x60', []],
    // 15 silent minutes leave 45 to show standstill, 16 do not: known at 08:16
    ['too many silent minutes leave nothing to show standstill with', '_x60', ['08:20:00 closed over']],
    ['15 silent minutes do not', '_x15 5x45', []],
  ])('%s', (_name, power, expected) => {
    expect(told(played([...meter(power), ...stack({ nox: '300x60' })], line))).toEqual(expected);
  });

  it('says what shows it', () => {
    const by = (power: string): unknown =>
      played([...meter(power), ...stack({ nox: '300x60' })], line)[0]?.evidence['operatingBy'];
    expect([by('500x60'), by('_x60')]).toEqual(['meter', 'missing-meter-data']);
  });

  it('without meters the O2 must rule out air for the whole hour', () => {
    const reference = { outlet: { limits: [NOX], o2Reference: 10 } };
    // 20.3 % so far: with air in the rest the mean could reach 20.5; the value is decided long before
    const found = played(stack({ nox: '900x60', o2: '20.3x60' }), reference);
    // (20.3 n + 21 (60 − n)) / 60 < 20.5 from n = 43 on
    expect(found[0]?.detectedAt).toBe(rfc3339('08:42'));
  });
});

describe('it is silent', () => {
  const mark = (state: string, from: string, until?: string): Arrival =>
    declaredMark({ device: 'cems-1', state, from, ...(until === undefined ? {} : { until }) });

  it('in an hour that a declared state excuses already', () => {
    expect(told(played([mark('start-up', '07:50'), ...stack({ nox: '300x60' })]))).toEqual([]);
  });

  it('until the state is over too early to excuse the hour', () => {
    // ten minutes of the hour are no excuse: decided once that is known
    const marks = [mark('start-up', '08:00'), mark('normal', '08:10')];
    expect(told(played([...marks, ...stack({ nox: '600x60' })]))).toEqual(['08:10:00 closed over']);
  });

  it('about what happens after it was told: it is not taken back', () => {
    const found = played([mark('fault', '08:30', '09:00'), ...stack({ nox: '300x60' })]);
    expect(told(found)).toEqual(['08:20:00 closed excused']);
  });

  it('about minutes under a calibration', () => {
    expect(told(played([mark('calibration', '08:00', '09:00'), ...stack({ nox: '900x60' })]))).toEqual([]);
  });

  it('about warnings, days, minima and hours that the permit allows', () => {
    const limits = [
      { ...NOX, role: 'warning' as const },
      { signal: 'nox', max: 100, average: 'P1D' },
      { signal: 'furnace-temp', min: 850, average: 'PT1H' },
    ];
    expect(told(played(stack({ nox: '900x60', 'furnace-temp': '20x60' }), { outlet: { limits } }))).toEqual([]);
    const allowed = { outlet: { limits: [{ ...NOX, allow: { count: 1, per: 'P1D' } }] } };
    expect(told(played(stack({ nox: '300x120' }), allowed, '10:00'))).toEqual(['09:20:00 closed over']);
  });

  it('about a limit that is not in force in that hour', () => {
    const limits = [{ ...NOX, from: rfc3339('08:30') }];
    expect(told(played(stack({ nox: '900x60' }), { outlet: { limits } }))).toEqual([]);
  });
});

describe('several devices', () => {
  const devices = { device: [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }] };
  const backup = deviceReports({ device: 'cems-2', from: '08:00' }, { nox: '300x60' });

  it('the stand-in speaks once the first device can no longer be valid', () => {
    const found = played(backup, { outlet: { limits: [NOX], ...devices } });
    // after 16 silent minutes; 6300 are reached at 08:20
    expect(told(found)).toEqual(['08:20:00 closed over']);
    expect(found[0]?.subject.device).toBe('cems-2');
  });

  it('the first device counts where it can be valid', () => {
    expect(told(played([...backup, ...stack({ nox: '50x60' })], { outlet: { limits: [NOX], ...devices } }))).toEqual(
      [],
    );
  });
});

it('goes on after a restart in the middle of the hour', () => {
  const registry = plantRegistry({ outlet: { limits: [NOX] } });
  const records = toRecords(registry, [...stack({ nox: '300x60' }), ...timePasses('09:00')]);
  const engine = driveEngine();
  for (const [index, record] of records.entries()) {
    engine.take(record);
    if (index === 15 || index === 40) engine.restart('plant');
  }
  const found = engine.finish().filter(({ entry }) => entry.draft.rule.id === 'limit.forecast');
  expect(
    found.map(({ entry }) => [entry.draft.detectedAt, entry.draft.state, entry.draft.evidence['outcome']]),
  ).toEqual([[Date.parse(rfc3339('08:20')), 'closed', 'over']]);
});
