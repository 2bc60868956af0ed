import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import {
  createMassHistory,
  measuredMass,
  weighHour,
  type HourFacts,
  type MassHistory,
  type SubstitutionTerms,
  type WeighedHour,
} from './emission-mass.ts';
import type { JudgedPeriod } from './judged-period.ts';

const TERMS: SubstitutionTerms = {
  fewestHours: 24,
  shortGapMs: 24 * HOUR_MS,
  goodRatePercent: 90,
  leastRatePercent: 75,
  hoursAlone: 168,
};

function period(hour: number): JudgedPeriod {
  return {
    outlet: 'stack',
    device: 'cems-1',
    signal: 'nox',
    average: 'PT1H',
    start: hour * HOUR_MS,
    end: (hour + 1) * HOUR_MS,
    valid: true,
    mean: 100,
    converted: null,
    o2: null,
    lowerBound: false,
    assumedO2: null,
    overRange: false,
    value: 100,
    operating: true,
    excuse: null,
    parts: { valid: 60, expected: 60, unit: 'minutes' },
    source: 'samples',
    ownMean: null,
    ownConverted: null,
    later: null,
  };
}

type Said = number | 'missing' | 'stopped' | 'stopped-measured';

interface Played {
  readonly history: MassHistory;
  readonly results: readonly WeighedHour[];
}

/** Hours one after another; the state goes through JSON after each. */
function play(hours: readonly Said[], terms: SubstitutionTerms | null = TERMS): Played {
  let history = createMassHistory();
  const results = hours.map((said, hour) => {
    const facts: HourFacts = {
      period: period(hour),
      quarterStart: 0,
      measuredKg: typeof said === 'number' ? said : said === 'stopped-measured' ? 1 : null,
      isStopped: said === 'stopped' || said === 'stopped-measured',
    };
    const weighed = weighHour(history, facts, terms);
    history = JSON.parse(JSON.stringify(history)) as MassHistory;
    return weighed;
  });
  return { history, results };
}

const times = (count: number, said: Said): Said[] => Array.from({ length: count }, () => said);
const methods = ({ results }: Played, from: number): string[] =>
  results.slice(from).map(({ mass }) => `${mass.method} ${String(mass.kg)}`);

describe('the measured mass', () => {
  const GAS = { flow: 'flow', kgPerHour: 1e-6, medium: 'gas' } as const;

  it('needs both the mean and the flow', () => {
    const flow = { valid: true, mean: 150_000 };
    expect(measuredMass(period(0), flow, GAS)).toBeCloseTo(15, 12);
    expect(measuredMass({ ...period(0), valid: false }, flow, GAS)).toBeNull();
    expect(measuredMass({ ...period(0), mean: null }, flow, GAS)).toBeNull();
    expect(measuredMass(period(0), { valid: false, mean: 150_000 }, GAS)).toBeNull();
    expect(measuredMass(period(0), undefined, GAS)).toBeNull();
  });
});

describe('a gap', () => {
  // 30 early, then 20, then 10: the windows tell themselves apart
  const LONG = [...times(10, 30), ...times(540, 20), ...times(180, 10)];

  it('of 24 hours takes the largest of 180', () => {
    const played = play([...LONG, ...times(24, 'missing'), 10]);
    expect(new Set(methods(played, 730).slice(0, 24))).toEqual(new Set(['max180 10']));
    expect(played.results.flatMap(({ settled }) => settled)).toEqual([]);
    expect(played.history.gap).toBeNull();
  });

  it('of more takes the largest of 720 for all of its hours, back to its first', () => {
    const played = play([...LONG, ...times(26, 'missing')]);
    expect(methods(played, 730 + 24)).toEqual(['max720 20', 'max720 20']);
    const settled = played.results[730 + 24]?.settled ?? [];
    expect(settled).toHaveLength(24);
    expect(settled[0]).toMatchObject({
      beforeKg: 10,
      period: { start: 730 * HOUR_MS, mass: { kg: 20, method: 'max720', isRevised: true } },
    });
    expect(played.results[730 + 25]?.settled).toEqual([]);
    expect(played.history.gap).toEqual({ from: 730 * HOUR_MS, waiting: [] });
  });

  it('goes on through a standstill that shows nothing of the instrument', () => {
    const played = play([...LONG, ...times(10, 'missing'), ...times(14, 'stopped'), 'missing']);
    expect(methods(played, 730 + 10).slice(0, 2)).toEqual(['stopped 0', 'stopped 0']);
    expect(methods(played, 730 + 24)).toEqual(['max720 20']);
    expect(played.results[730 + 24]?.settled).toHaveLength(10);
  });

  it('is settled as a long one while the plant stands', () => {
    const played = play([...LONG, ...times(3, 'missing'), ...times(22, 'stopped')]);
    expect(played.results[730 + 24]?.settled).toHaveLength(3);
  });

  it('ends with an hour that is measured, the plant standing or not', () => {
    const standing = [...times(20, 'missing'), 'stopped-measured', ...times(20, 'missing')] as const;
    expect(new Set(methods(play([...LONG, ...standing]), 730))).toEqual(new Set(['max180 10', 'stopped 0']));
    expect(methods(play([...LONG, ...times(20, 'missing'), 5, ...times(20, 'missing')]), 730)).not.toContain(
      'max720 20',
    );
  });

  it('of a standing plant is not looked back on', () => {
    const played = play([...times(30, 10), ...times(5, 'stopped-measured'), 'missing']);
    expect(methods(played, 35)).toEqual(['max180 10']);
    expect(played.history.peaks.count).toBe(30);
  });
});

describe('the capture rate', () => {
  it('below 90 % leads to the largest of 2,160', () => {
    // 180 valid of 200 is 90 %, of 201 less
    const hours = [30, ...times(179, 10), ...times(20, 'missing'), 'missing'] as const;
    const played = play(hours);
    expect(methods(played, 199)).toEqual(['max180 30', 'max2160 30']);
    const older = play([30, ...times(199, 10), ...times(23, 'missing')]);
    // 200 of 222 is 90.1 %, of 223 less
    expect(methods(older, 221)).toEqual(['max180 10', 'max2160 30']);
  });

  it('below 75 % leaves nothing but the unknown', () => {
    // 180 of 240 is 75 %
    const played = play([...times(180, 10), ...times(61, 'missing')]);
    expect(methods(played, 239)).toEqual(['max2160 10', 'unknown null']);
  });

  it('does not count hours of standstill', () => {
    const played = play([...times(180, 10), ...times(500, 'stopped'), 'missing']);
    expect(methods(played, 680)).toEqual(['max180 10']);
  });
});

describe('without terms', () => {
  it('nothing is substituted', () => {
    expect(methods(play([...times(100, 10), 'missing', 'stopped'], null), 100)).toEqual(['unknown null', 'stopped 0']);
  });
});
