import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { CapEntry } from '../../contracts/registry/registry-file.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { capRegistry, MONTH_CAP, playHours, stackHours } from '../../tests/support/cap-plant.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { findingsOf, type Arrival } from '../../tests/support/replay-reports.ts';
import { createEmissionTotal } from '../means/emission-total.ts';
import type { CapStep } from './cap-words.ts';
import { endForecast, initialForecastState, limitTotalForecast, stepForecast } from './limit.total-forecast.ts';

const RULE = 'limit.total-forecast';
const SUBJECT = 'stack cems-1 nox';

/** 30 days at 10 kg/h are 7.2 t. */
const cap = (tonnes: number): CapEntry[] => [{ ...MONTH_CAP, tonnes }];

function lines(arrivals: readonly Arrival[], caps: readonly CapEntry[]): readonly string[] {
  return spansOf(playHours(capRegistry(caps), arrivals), RULE);
}

function first(arrivals: readonly Arrival[], caps: readonly CapEntry[]): Finding | undefined {
  return findingsOf(playHours(capRegistry(caps), arrivals), RULE)[0];
}

describe('a cap that will be passed', () => {
  it('is told at the end of the seventh day', () => {
    expect(lines(stackHours('100x167'), cap(7))).toEqual([]);
    expect(lines(stackHours('100x168'), cap(7))).toEqual([`${SUBJECT} [11-01 00:00, …) seen 11-08 00:00 open`]);
  });

  it('is none where the projection is at the cap', () => {
    expect(lines(stackHours('100x200'), cap(7.2))).toEqual([]);
  });

  it('names the pace, the projection and the day it would pass', () => {
    const finding = first(stackHours('100x168'), cap(7));
    expect(finding).toMatchObject({
      severity: 'medium',
      confidence: 0.3,
      evidence: {
        signal: 'nox',
        cap: { tonnes: 7 },
        judgedAt: rfc3339('2026-11-08'),
        daysSeen: 7,
        // 7 t / 0.24 t a day = 29.17 days
        expectedAt: rfc3339('2026-11-30'),
      },
    });
    expect(finding?.evidence['tonnes']).toBeCloseTo(1.68, 9);
    expect(finding?.evidence['dailyTonnes']).toBeCloseTo(0.24, 9);
    expect(finding?.evidence['projectedTonnes']).toBeCloseTo(7.2, 9);
    const said = ['2026-11-08 00:00', '1.68', '0.24', '7.2', '2026-11-30', 'permit 3.1'];
    expect(finding === undefined ? ['none'] : wordProblems(finding, said)).toEqual([]);
  });

  it('takes the pace of the last 30 days, not of the whole year', () => {
    const year = [{ signal: 'nox', tonnes: 40, per: 'P1Y', from: '2026-07-01' }];
    // 60 days at 10 kg/h, then at 30 kg/h: 14.4 t + … after 30 days 36 t, 94 days left of the half-year
    const hours = stackHours('100x1440 300x720', undefined, { from: '2026-07-01' });
    const finding = first(hours, year);
    expect(finding?.evidence).toMatchObject({ daysSeen: 30 });
    expect(finding?.evidence['dailyTonnes']).toBeCloseTo(0.72, 9);
  });

  it('ends when the pace falls back, with a margin', () => {
    // 7 days at 0.24 t; at 60 mg/m³ 0.144 t a day: mean and projection fall day by day
    const [line] = lines(stackHours('100x168 60x240'), cap(7));
    // 8th day: 1.824 + 22 × 0.228 = 6.84 ≤ 6.86
    expect(line).toBe(`${SUBJECT} [11-01 00:00, 11-09 00:00) seen 11-08 00:00 closed`);
  });

  it('stands within the margin', () => {
    // 8th day at 90: 1.896 + 22 × 0.237 = 7.11 of 7; 9th: 2.112 + 21 × 0.2347 = 7.04; 10th: 6.99, above 98 % of 7
    expect(lines(stackHours('100x168 90x72'), cap(7))).toEqual([`${SUBJECT} [11-01 00:00, …) seen 11-08 00:00 open`]);
  });

  it('that rises again is another, from where the first one ended', () => {
    expect(lines(stackHours('100x168 60x24 300x72'), cap(7))).toEqual([
      `${SUBJECT} [11-01 00:00, 11-09 00:00) seen 11-08 00:00 closed`,
      `${SUBJECT} [11-09 00:00, …) seen 11-10 00:00 open`,
    ]);
  });

  it('ends when it is passed', () => {
    const finding = first(stackHours('100x201'), cap(2));
    expect(finding).toMatchObject({
      state: 'closed',
      end: rfc3339('2026-11-09 09:00'),
      evidence: { outcome: 'passed' },
    });
    expect(finding?.explanation.en).toContain('Since then it was passed.');
  });

  it('ends with the period', () => {
    // 29 days at 0.24 t are 6.96 t; the last day stands at 1 mg/m³
    const finding = first(stackHours('100x696 1x48'), cap(7));
    expect(finding).toMatchObject({
      state: 'closed',
      end: rfc3339('2026-12-01'),
      evidence: { outcome: 'period-ended' },
    });
  });
});

describe('days that show no pace', () => {
  it('are those of many missing hours without substitution', () => {
    // 6 whole days; the rest of the days have 12 valid hours, the others unknown: 75 % are not reached for long
    const halves = '100x12 _x12 '.repeat(6);
    expect(lines(stackHours(`${halves} 100x72`), cap(2))).toEqual([]);
  });

  it('neither extend nor end what stands', () => {
    const { context, drafts } = recordedContext(limitTotalForecast, { windowDays: 7 });
    const state = initialForecastState();
    const total = { ...createEmissionTotal({ start: 0, end: 300 * DAY_MS }, 0), measuredKg: 1_000 };
    const step: CapStep = {
      cap: { tonnes: 5, per: 'P1Y', fromAt: null, source: null },
      total,
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      at: 10 * DAY_MS,
      isDayEnd: true,
    };
    const days = Array.from({ length: 10 }, (_, day) => ({ day: day * DAY_MS, kg: 100, known: 24 }));
    stepForecast(state, step, { days, hasPassed: false }, context);
    stepForecast(state, { ...step, at: 15 * DAY_MS }, { days, hasPassed: false }, context);
    expect(drafts.map(({ state: told }) => told)).toEqual(['open']);
    expect(state.open).not.toBeNull();
  });
});

describe('what is told again', () => {
  const days = (kg: number) => Array.from({ length: 40 }, (_, day) => ({ day: day * DAY_MS, kg, known: 24 }));
  const at = (measuredKg: number, day: number): CapStep => ({
    cap: { tonnes: 30, per: 'P1Y', fromAt: null, source: null },
    total: { ...createEmissionTotal({ start: 0, end: 365 * DAY_MS }, 0), measuredKg },
    subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
    at: day * DAY_MS,
    isDayEnd: true,
  });

  it('is a projection that moved by a twentieth of the cap, or another severity', () => {
    const { context, drafts } = recordedContext(limitTotalForecast);
    let state = initialForecastState();
    const step = (measuredKg: number, day: number, kg: number): void => {
      stepForecast(state, at(measuredKg, day), { days: days(kg), hasPassed: false }, context);
      state = JSON.parse(JSON.stringify(state)) as typeof state;
    };
    // 3.3 t + 332 × 0.1 t = 36.5 t of 30 t, to be passed after 267 days
    step(3_300, 33, 100);
    step(3_400, 34, 100);
    // 1.4 t more is less than 1.5 t
    step(3_500, 35, 104);
    expect(drafts).toHaveLength(1);
    step(3_500, 35, 110);
    expect(drafts).toHaveLength(2);
    // 3 t are left, at 0.11 t a day 27 days
    step(27_000, 36, 110);
    expect(drafts.map(({ severity }) => severity)).toEqual(['low', 'low', 'medium']);
    expect(new Set(drafts.map(({ detectedAt }) => detectedAt))).toEqual(new Set([33 * DAY_MS]));
  });

  it('is not that a cap was struck out of which nothing was foretold', () => {
    const { context, drafts } = recordedContext(limitTotalForecast);
    const state = initialForecastState();
    endForecast(state, at(1, 10), context, 'cap-ended');
    stepForecast(state, at(3_300, 33), { days: days(100), hasPassed: false }, context);
    endForecast(state, at(3_300, 34), context, 'cap-ended');
    expect(drafts.map(({ state: told }) => told)).toEqual(['open', 'closed']);
    expect(limitTotalForecast.explain(drafts[1]?.evidence ?? {}).en).toContain('struck out');
  });
});
