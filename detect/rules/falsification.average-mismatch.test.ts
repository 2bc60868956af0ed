import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { ReportPeriod, WireReport } from '../../contracts/report.ts';
import { declaredMark, deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingLine, findingsOf, replayReports, toRecords, type Arrival } from '../../tests/support/replay-reports.ts';

const RULE = 'falsification.average-mismatch';
type Series = Readonly<Record<string, string>>;

const minutes = (signals: Series, from = '08:00'): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from }, signals);
const own = (signals: Series, period: ReportPeriod = 'PT1H', from = '08:00'): readonly TestReport[] =>
  deviceReports({ device: 'cems-1', from, period }, signals);

/** An own mean with what stands beside it. */
function ownWith(so2: Exclude<WireReport['values'][string], string | number>, flag?: 'D' | 'T'): TestReport {
  const flags = flag === undefined ? {} : { flags: { so2: flag } };
  return {
    site: 'plant',
    device: 'cems-1',
    report: { ts: rfc3339('08:00'), period: 'PT1H', values: { so2 }, ...flags },
  };
}

function played(arrivals: readonly Arrival[], options: PlantOptions = {}, until = '14:00'): readonly Finding[] {
  const registry = plantRegistry({ ...options, outlet: { resolution: { so2: 0.1 }, ...options.outlet } });
  return findingsOf(replayReports(registry, [...arrivals, ...timePasses(until)]), RULE);
}

const lines = (...of: Parameters<typeof played>): readonly string[] =>
  played(...of).map((finding) => findingLine(finding).slice(RULE.length + 1));
const FOUND = ['high 11-22 08:00 → 11-22 09:00 closed'];
/** An hour that agrees ends what the one before it began. */
const CALM = [...minutes({ so2: '50x60' }, '09:00'), ...own({ so2: '50' }, 'PT1H', '09:00')];

describe('an hourly mean of the device', () => {
  it.each([
    ['that agrees', '50x60', '50', []],
    ['within 1 %', '49x30 51x30', '50.5', []],
    ['beyond 1 %', '49x30 51x30', '50.6', FOUND],
    ['beyond 1 % below', '49x30 51x30', '49.4', FOUND],
    // 1 % of 5 is 0.05, two steps are 0.2
    ['small, within two steps of the resolution', '4.5x30 5.5x30', '5.2', []],
    ['small, beyond two steps', '4.5x30 5.5x30', '5.3', FOUND],
    ['within 1 %, but outside of all that it was made of', '90x60', '90.5', FOUND],
    ['one step outside is rounding', '90x60', '90.1', []],
    ['far away', '120x60', '80', FOUND],
    ['of negative values', '-5x60', '-8', FOUND],
    ['of 45 minutes', '50x45 _x15', '60', FOUND],
    ['of 44 minutes cannot be judged', '50x44 _x16', '60', []],
    ['without any minute cannot be judged', '_x60', '60', []],
    ['minutes flagged T count', '50x59 110!T', '51', []],
    ['minutes flagged C, M, D, S, B or F do not', '50x50 900x5!C 900x5!M', '50', []],
    ['made with invalid minutes differs', '50x50 900x10!C', '191.6', FOUND],
    ['lost minutes like those that were seen explain it', '40x20 60x30 _x10', '51', []],
    // (50 × 60 − 52 × 50) / 10 = 40 → within; 45 × 60 − 2600 = 100 / 10 = 10 → outside
    ['lost minutes unlike all that were seen do not', '40x20 60x30 _x10', '45', FOUND],
  ])('%s', (_name, so2, mean, expected) => {
    const arrivals = [...minutes({ so2, temp: '90x60' }), ...own({ so2: mean }), ...CALM];
    expect(lines(arrivals)).toEqual(expected);
  });

  it('tells both means, least, greatest and how many parts, and is seen at the end of its period', () => {
    const [finding] = played([...minutes({ so2: '100x30 140x30' }), ...own({ so2: '80' }), ...CALM]);
    expect(finding).toMatchObject({
      rule: RULE,
      subject: { outlet: 'stack', device: 'cems-1', signal: 'so2' },
      start: rfc3339('08:00'),
      end: rfc3339('09:00'),
      detectedAt: rfc3339('09:00'),
      severity: 'high',
      confidence: 0.97,
      evidence: {
        average: 'PT1H',
        count: 1,
        periods: [
          {
            start: rfc3339('08:00'),
            deviceMean: 80,
            partsMean: 120,
            min: 100,
            max: 140,
            valid: 60,
            expected: 60,
            parts: 'minutes',
            why: 'differs',
            difference: -40,
            tolerance: 1.2,
          },
        ],
      },
    });
    expect(wordProblems(finding as Finding, ['80', '120', '100', '140', '60/60'])).toEqual([]);
  });

  it('adjacent ones are one finding', () => {
    const so2 = minutes({ so2: '100x300' });
    expect(lines([...so2, ...own({ so2: '80x3 100 80' })])).toEqual([
      'high 11-22 08:00 → 11-22 11:00 closed',
      'high 11-22 12:00 → … open',
    ]);
    // an hour that is not judged stands between them
    expect(lines([...so2, ...own({ so2: '80 80!D 80 100' })])).toEqual([
      'high 11-22 08:00 → 11-22 09:00 closed',
      'high 11-22 10:00 → 11-22 11:00 closed',
    ]);
  });

  it('of a mean of minutes, of ten minutes, of samples', () => {
    const from = (period: ReportPeriod, so2: string): readonly Arrival[] => [
      ...deviceReports({ device: 'cems-1', from: '08:00', period }, { so2 }),
      ...own({ so2: '60 50' }),
    ];
    expect(lines(from('PT1M', '50x120'))).toEqual(FOUND);
    expect(lines(from('PT10M', '50x12'))).toEqual(FOUND);
    expect(lines(from('PT15M', '50x8'))).toEqual(FOUND);
    const quick = { devices: [{ id: 'cems-1', kind: 'cems' as const, every: 'PT10S' }] };
    const samples = deviceReports({ device: 'cems-1', from: '08:00', every: 'PT10S' }, { so2: '50x720' });
    expect(lines([...samples, ...own({ so2: '60 50' })], quick)).toEqual(FOUND);
  });

  it('of signals that no limit stands on as well', () => {
    const found = played([...minutes({ o2: '10x60', flow: '1000x60' }), ...own({ o2: '8', flow: '900' })]);
    expect(found.map(({ subject }) => subject.signal).sort()).toEqual(['flow', 'o2']);
  });
});

describe('without a resolution in the registry', () => {
  const plain = { outlet: { resolution: {} } };

  it.each([
    // two decimals are shown: two steps are 0.02
    ['the decimals of the mean tell it', '1.04x30 1.06x30', '1.08', FOUND],
    ['rounded to what it shows', '1.04x30 1.06x30', '1.1', []],
    // whole mg: each part may be off by half a mg, the mean with two decimals by as much
    ['whole parts may hide half a step', '3x60', '3.4', []],
    ['more than that they cannot hide', '3x60', '3.7', FOUND],
    ['a whole mean of whole parts', '50x60', '51', []],
    ['three steps away', '50x60', '53', FOUND],
  ])('%s', (_name, so2, mean, expected) => {
    expect(lines([...minutes({ so2 }), ...own({ so2: mean }), ...CALM], plain)).toEqual(expected);
  });

  it('the most decimals that were ever shown count', () => {
    // 50.13 in the first hour: from then on a step is 0.01, and 51 is 1 % away from 50.3
    const arrivals = [...minutes({ so2: '50.1x60 50.3x60' }), ...own({ so2: '50.13 51' })];
    expect(lines(arrivals, plain)).toEqual(['high 11-22 09:00 → … open']);
  });
});

describe('the extremes beside the mean', () => {
  it('contradict without any finer value as well', () => {
    const [finding] = played([ownWith({ avg: 80, min: 90, max: 120 }), ...CALM]);
    expect(finding?.evidence['worst']).toMatchObject({ why: 'outside-own', deviceMin: 90, deviceMax: 120 });
    expect(wordProblems(finding as Finding, ['80', '90', '120'])).toEqual([]);
  });
});

describe('ten and fifteen minutes', () => {
  it.each(['PT10M', 'PT15M'] as const)('of %s against minutes and samples', (period) => {
    const steps = period === 'PT10M' ? 10 : 15;
    const values = minutes({ so2: `50x${String(steps * 4)}` });
    const [finding] = played([...values, ...own({ so2: '50 60 60 50' }, period)]);
    expect(finding).toMatchObject({
      start: rfc3339(period === 'PT10M' ? '08:10' : '08:15'),
      end: rfc3339(period === 'PT10M' ? '08:30' : '08:45'),
      detectedAt: rfc3339(period === 'PT10M' ? '08:20' : '08:30'),
      evidence: { average: period, count: 2, periods: [{ valid: steps, expected: steps }, {}] },
    });
  });

  it('the very first one is judged', () => {
    expect(lines([...minutes({ so2: '50x20' }), ...own({ so2: '60 50' }, 'PT10M')])).toEqual([
      'high 11-22 08:00 → 11-22 08:10 closed',
    ]);
  });

  it('hours later as well', () => {
    const values = [...minutes({ so2: '50x240' }), ...own({ so2: '50x23 60' }, 'PT10M')];
    expect(lines(values)).toEqual(['high 11-22 11:50 → … open']);
  });
});

describe('a day', () => {
  const from = '2026-11-22 00:00';
  const options = { every: 'PT1H', line: { production: [{ device: 'm-1', on: 100 }] } };
  const day = (so2: string, mean: string, power = '500x24'): readonly string[] =>
    lines(
      [
        ...deviceReports({ device: 'm-1', from, period: 'PT1H' }, { power }),
        ...own({ so2 }, 'PT1H', from),
        ...own({ so2: mean }, 'P1D', from),
      ],
      options,
      '2026-11-23 02:00',
    );
  const DAY = ['high 11-22 00:00 → … open'];

  it.each([
    ['that agrees', { so2: '40x12 60x12', mean: '50', power: '500x24' }, []],
    ['that does not', { so2: '40x12 60x12', mean: '47', power: '500x24' }, DAY],
    ['made of all hours, standstill included', { so2: '40x12 60x12', mean: '50', power: '5x12 500x12' }, []],
    ['made of the hours at work', { so2: '40x12 60x12', mean: '60', power: '5x12 500x12' }, []],
    ['made of neither', { so2: '40x12 60x12', mean: '55', power: '5x12 500x12' }, DAY],
    ['of 19 hours cannot be judged', { so2: '40x19 _x5', mean: '70', power: '500x24' }, []],
    ['of 20 hours', { so2: '40x10 60x10 _x4', mean: '90', power: '500x24' }, DAY],
    [
      'of which four lost hours like the others explain it',
      { so2: '40x10 60x10 _x4', mean: '51', power: '500x24' },
      [],
    ],
  ])('%s', (_name, { so2, mean, power }, expected) => {
    expect(day(so2, mean, power)).toEqual(expected);
  });

  it('in which the monitor was first heard is not judged', () => {
    const late = '2026-11-22 01:00';
    const arrivals = [...own({ so2: '50x23' }, 'PT1H', late), ...own({ so2: '80' }, 'P1D', from)];
    expect(lines(arrivals, options, '2026-11-23 02:00')).toEqual([]);
  });

  it('is found at its end', () => {
    const arrivals = [...own({ so2: '50x24' }, 'PT1H', from), ...own({ so2: '80' }, 'P1D', from)];
    const [finding] = played(arrivals, options, '2026-11-23 02:00');
    expect(finding).toMatchObject({
      detectedAt: rfc3339('2026-11-23'),
      evidence: { average: 'P1D', periods: [{ valid: 24, expected: 24, parts: 'hours', partsMean: 50 }] },
    });
  });
});

describe('it is silent', () => {
  it.each([
    ['about an own mean that is flagged D', 'D'],
    ['about an own mean over range', 'T'],
  ] as const)('%s', (_name, flag) => {
    expect(lines([...minutes({ so2: '50x60' }), ownWith({ avg: 80 }, flag), ...CALM])).toEqual([]);
  });

  it.each(['calibration', 'maintenance'])('where a mark of %s takes parts out', (state) => {
    const mark = declaredMark({ device: 'cems-1', state, from: '08:10', until: '08:12' });
    expect(lines([mark, ...minutes({ so2: '50x60' }), ...own({ so2: '80' }), ...CALM])).toEqual([]);
  });

  it('about the hour in which the monitor was first heard', () => {
    expect(lines([...minutes({ so2: '50x52' }, '08:08'), ...own({ so2: '80' }), ...CALM])).toEqual([]);
  });

  it('about counts and registers', () => {
    const registry = plantRegistry({ devices: [{ id: 'gate-1', kind: 'gate', every: 'PT1M' }] });
    const trucks = deviceReports({ device: 'gate-1', from: '08:00', period: 'PT1M' }, { 'trucks-in': '1x60' });
    const sums = deviceReports({ device: 'gate-1', from: '08:00', period: 'PT1H' }, { 'trucks-in': '60' });
    const energy = [...minutes({ energy: '100+1x60' }), ...own({ energy: '160' })];
    const result = replayReports(registry, [...trucks, ...sums, ...energy, ...timePasses('10:00')]);
    expect(findingsOf(result, RULE)).toEqual([]);
  });

  it('about a period that does not begin with the clock', () => {
    expect(lines([...minutes({ so2: '50x120' }), ...own({ so2: '80' }, 'PT1H', '08:05')])).toEqual([]);
  });

  it('about a meter, whose spot values need not average to its means', () => {
    const power = deviceReports({ device: 'm-1', from: '08:00' }, { power: '100x60' });
    const mean = deviceReports({ device: 'm-1', from: '08:00', period: 'PT1H' }, { power: '150' });
    expect(lines([...power, ...mean], { line: { production: [{ device: 'm-1', on: 50 }] } })).toEqual([]);
  });
});

describe('parts that come late', () => {
  it('take the finding back where they explain the mean', () => {
    const late = deviceReports({ device: 'cems-1', from: '08:45', delayMs: 3_600_000 }, { so2: '100x15' });
    const arrivals = [...minutes({ so2: '50x45' }), ...late, ...own({ so2: '62.5' }), ...CALM];
    expect(lines(arrivals)).toEqual([]);
  });

  it('make it where they were needed to judge at all', () => {
    const late = deviceReports({ device: 'cems-1', from: '08:30', delayMs: 3_600_000 }, { so2: '50x30' });
    expect(lines([...minutes({ so2: '50x30' }), ...late, ...own({ so2: '62.5' }), ...CALM])).toEqual(FOUND);
  });
});

it('goes on after a restart', () => {
  const registry = plantRegistry({ outlet: { resolution: { so2: 0.1 } } });
  const arrivals = [...minutes({ so2: '100x180' }), ...own({ so2: '80 80 100' }), ...timePasses('12:00')];
  const engine = driveEngine();
  for (const [index, record] of toRecords(registry, arrivals).entries()) {
    engine.take(record);
    if (index % 50 === 30) engine.restart('plant');
  }
  const found = engine.finish().filter(({ entry }) => entry.draft.rule.id === RULE);
  expect(found.map(({ entry }) => [entry.draft.startAt, entry.draft.endAt])).toEqual([
    [Date.parse(rfc3339('08:00')), Date.parse(rfc3339('10:00'))],
  ]);
});
