import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { CapEntry } from '../../contracts/registry/registry-file.ts';
import type { ReplayResult } from '../runner/replay.ts';
import { capRegistry, MONTH_CAP, playHours, stackHours, tonnesByHand } from '../../tests/support/cap-plant.ts';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import type { PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, newRegistry, type Arrival } from '../../tests/support/replay-reports.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { createEmissionTotal } from '../means/emission-total.ts';
import { endTotal, initialTotalState, limitTotal, stepTotal, type TotalState } from './limit.total.ts';

const RULE = 'limit.total';
const SUBJECT = 'stack cems-1 nox';

/** Only this rule, not the forecast, whose name begins alike. */
function spansOfTotals(result: ReplayResult): readonly string[] {
  return spansOf({ ...result, findings: result.findings.filter(({ rule }) => rule === RULE) }, RULE);
}

function lines(arrivals: readonly Arrival[], caps?: readonly CapEntry[], plant?: PlantOptions): readonly string[] {
  return spansOfTotals(playHours(capRegistry(caps, plant), arrivals));
}

function totals(result: ReplayResult): readonly Finding[] {
  return findingsOf(result, RULE).filter(({ rule }) => rule === RULE);
}

describe('tonnes over a cap', () => {
  // 10 kg/h: 200 hours are the cap of 2 t, at 11-09 08:00
  it('are no finding at the cap', () => {
    expect(totals(playHours(capRegistry(), stackHours('100x200')))).toEqual([]);
  });

  it('are one with the hour that passes it, from the begin of the period on', () => {
    const [finding, ...others] = totals(playHours(capRegistry(), stackHours('100x201')));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'high',
      confidence: 1,
      subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
      start: rfc3339('2026-11-01'),
      end: null,
      detectedAt: rfc3339('2026-11-09 09:00'),
      state: 'open',
      evidence: {
        cap: { tonnes: 2, per: 'P1M', from: rfc3339('2026-11-01'), source: 'permit 3.1' },
        period: { start: rfc3339('2026-11-01'), end: rfc3339('2026-12-01') },
        tonnes: 2.01,
        measuredTonnes: 2.01,
        substitutedTonnes: 0,
        hours: { measured: 201, unknown: 0 },
        coverage: { from: rfc3339('2026-11-01'), to: rfc3339('2026-11-09 09:00'), hoursBefore: 0 },
        passedAt: rfc3339('2026-11-09 09:00'),
        measuredAlone: true,
        lowerBound: false,
      },
    });
  });

  it('close with the period, and begin anew with the next', () => {
    // 720 h of November, then 201 of December
    expect(lines(stackHours('100x921'))).toEqual([
      `${SUBJECT} [11-01 00:00, 12-01 00:00) seen 11-09 09:00 closed`,
      `${SUBJECT} [12-01 00:00, …) seen 12-09 09:00 open`,
    ]);
  });

  it('are told again at most once a day', () => {
    const result = playHours(capRegistry(), stackHours('100x260'));
    const [finding] = totals(result);
    // passed at 11-09 09:00; told at the ends of 9 and 10 November
    expect(finding?.revision).toBe(3);
    expect(finding?.evidence['tonnes']).toBeCloseTo(2.4, 9);
  });

  it('are those of the hourly means added up by hand', () => {
    const mixed = stackHours('100x100 60x40 _x10 120x30 55!D 100x20 _x30 100x60');
    const result = playHours(capRegistry(), mixed);
    const [finding] = totals(result);
    const coverage = finding?.evidence['coverage'] as { from: string; to: string };
    expect(finding?.evidence['tonnes']).toBeCloseTo(tonnesByHand(result, coverage), 9);
    // 100 × 10 + 40 × 6 + 30 × 12 + 20 × 10, up to the end of 11-12, and 60 h measured
    expect(finding?.evidence['substitutedTonnes']).toBeGreaterThan(0);
  });
});

describe('a cap and what is known', () => {
  it('of which the period began before the data says so', () => {
    const cap = { signal: 'nox', tonnes: 2, per: 'P1Y', from: '2026-01-01' };
    const [finding] = totals(playHours(capRegistry([cap]), stackHours('100x201')));
    // 304 days of 24 h from 1 January to 31 October
    expect(finding).toMatchObject({
      start: rfc3339('2026-01-01'),
      evidence: { coverage: { from: rfc3339('2026-11-01'), hoursBefore: 7_296 }, lowerBound: true },
    });
    expect(finding === undefined ? ['none'] : wordProblems(finding, ['7296', '2.01', '2026-11-09 09:00'])).toEqual([]);
  });

  it('that begins within the period counts from there', () => {
    const caps = [{ ...MONTH_CAP, from: '2026-11-03' }];
    // 200 hours from 11-03 00:00 on
    expect(lines(stackHours('100x300'), caps)).toEqual([`${SUBJECT} [11-03 00:00, …) seen 11-11 09:00 open`]);
  });

  it('that is followed by another within the period are two, each with its own hours', () => {
    const caps: CapEntry[] = [
      { ...MONTH_CAP, tonnes: 1, to: '2026-11-06' },
      { ...MONTH_CAP, tonnes: 0.5, from: '2026-11-06' },
    ];
    expect(lines(stackHours('100x200'), caps)).toEqual([
      `${SUBJECT} [11-01 00:00, 11-06 00:00) seen 11-05 05:00 closed`,
      `${SUBJECT} [11-06 00:00, …) seen 11-08 03:00 open`,
    ]);
  });

  it('of a month and of a year on one signal are two findings', () => {
    const caps = [MONTH_CAP, { signal: 'nox', tonnes: 3, per: 'P1Y', from: '2026-11-01' }];
    const result = playHours(capRegistry(caps), stackHours('100x301'));
    expect(totals(result).map(({ detectedAt, evidence }) => [detectedAt, evidence['tonnes']])).toEqual([
      [rfc3339('2026-11-09 09:00'), expect.closeTo(2.88, 9)],
      [rfc3339('2026-11-13 13:00'), expect.closeTo(3.01, 9)],
    ]);
    expect(new Set(totals(result).map(({ id }) => id)).size).toBe(2);
  });

  it('of a day closes with it', () => {
    const caps = [{ signal: 'nox', tonnes: 0.2, per: 'P1D' }];
    expect(lines(stackHours('100x30'), caps)).toEqual([
      `${SUBJECT} [11-01 00:00, 11-02 00:00) seen 11-01 21:00 closed`,
    ]);
  });

  it('is told under the primary, whoever stood in', () => {
    const device = [{ device: 'cems-1' }, { device: 'cems-2', role: 'backup' as const }];
    const arrivals = [...stackHours('100x150 _x60'), ...stackHours('100x210', undefined, { device: 'cems-2' })];
    expect(lines(arrivals, undefined, { outlet: { device } })).toEqual([
      `${SUBJECT} [11-01 00:00, …) seen 11-09 09:00 open`,
    ]);
  });

  it('of a plant that stands is not passed by what its analyser shows', () => {
    const meter = deviceReports({ device: 'm-1', from: '2026-11-01', period: 'PT1H' }, { power: '500x190 0x60' });
    const plant = { line: { production: [{ device: 'm-1', on: 100 }] } };
    expect(lines([...stackHours('100x250'), ...meter], undefined, plant)).toEqual([]);
  });

  it('counts the hours without an instrument as unknown', () => {
    const device = [
      { device: 'cems-1', from: '2026-11-01', to: '2026-11-03' },
      { device: 'cems-1', from: '2026-11-04' },
    ];
    const [finding] = totals(playHours(capRegistry(undefined, { outlet: { device } }), stackHours('100x230')));
    expect(finding?.evidence).toMatchObject({ hours: { unknown: 24 }, lowerBound: true });
  });
});

describe('a cap that changes in the registry', () => {
  const raised = (tonnes: number): string => capRegistry([{ ...MONTH_CAP, tonnes }]);
  const after = (registry: string): readonly string[] =>
    spansOfTotals(
      playHours(capRegistry(), [
        ...stackHours('100x230'),
        newRegistry(registry, '2026-11-10 12:00'),
        ...stackHours('100x10', undefined, { from: '2026-11-10 14:00' }),
      ]),
    );

  it('is passed no more where it was raised', () => {
    expect(after(raised(5))).toEqual([]);
  });

  it('goes on with what was counted before', () => {
    expect(after(raised(2.001))).toEqual([`${SUBJECT} [11-01 00:00, …) seen 11-09 09:00 open`]);
  });
});

describe('the step', () => {
  const cap = { tonnes: 2, per: 'P1M', fromAt: null, source: null };
  const subject = { outlet: 'stack', device: 'cems-1', signal: 'nox' };
  const total = { ...createEmissionTotal({ start: 0, end: 100 }, 0), measuredKg: 1_900, substitutedKg: 200 };

  it('says where only substituted hours pass the cap', () => {
    const { context, drafts } = recordedContext(limitTotal);
    stepTotal(initialTotalState(), { cap, total, subject, at: 10, isDayEnd: false }, context);
    expect(drafts[0]).toMatchObject({ confidence: 0.8, evidence: { measuredAlone: false } });
  });

  it('is silent between days, and where the total has hardly grown', () => {
    const { context, drafts } = recordedContext(limitTotal);
    let state = initialTotalState();
    const step = (kg: number, isDayEnd: boolean): void => {
      const grown = { ...total, measuredKg: kg };
      stepTotal(state, { cap, total: grown, subject, at: 10, isDayEnd }, context);
      state = JSON.parse(JSON.stringify(state)) as TotalState;
    };
    step(1_900, false);
    step(1_930, false);
    step(1_919, true);
    expect(drafts).toHaveLength(1);
    step(1_920, true);
    expect(drafts).toHaveLength(2);
  });

  it('closes once with the period, and once more where an hour of it came out differently', () => {
    const { context, drafts } = recordedContext(limitTotal);
    const state = initialTotalState();
    for (const at of [99, 100, 105]) stepTotal(state, { cap, total, subject, at, isDayEnd: false }, context);
    expect(drafts.map(({ state: told, endAt }) => [told, endAt])).toEqual([
      ['open', null],
      ['closed', 100],
      ['closed', 100],
    ]);
  });

  it('closes where another cap is not passed any more, and says so', () => {
    const { context, drafts } = recordedContext(limitTotal);
    const state = initialTotalState();
    stepTotal(state, { cap, total, subject, at: 50, isDayEnd: false }, context);
    for (const at of [51, 52])
      stepTotal(state, { cap: { ...cap, tonnes: 3 }, total, subject, at, isDayEnd: false }, context);
    expect(drafts).toHaveLength(2);
    expect(drafts[1]).toMatchObject({ state: 'closed', endAt: 51, evidence: { stillOver: false } });
    expect(limitTotal.explain(drafts[1]?.evidence ?? {}).en).toContain('no longer passed');
  });

  it('closes where the cap is struck out, and only once', () => {
    const { context, drafts } = recordedContext(limitTotal);
    const state = initialTotalState();
    const at = { cap, total, subject, at: 50, isDayEnd: false };
    stepTotal(state, at, context);
    endTotal(state, at, context);
    endTotal(state, at, context);
    expect(drafts.map(({ state: told, endAt }) => [told, endAt])).toEqual([
      ['open', null],
      ['closed', 50],
    ]);
  });
});
