import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { CapEntry } from '../../contracts/registry/registry-file.ts';
import { createEngine } from '../../detect/core/engine.ts';
import { capRegistry, massRuns, MONTH_CAP, playHours, stackHours } from '../support/cap-plant.ts';
import { rfc3339 } from '../support/local-moment.ts';
import { newRegistry, toRecords } from '../support/replay-reports.ts';

/** Ten kg an hour until 24 November 00:00, another registry on the 20th: what was passed on the 9th lies beyond its reach. */
function after(caps: readonly CapEntry[], before: readonly CapEntry[] = [MONTH_CAP]): readonly Finding[] {
  const hours = stackHours('100x552');
  const result = playHours(capRegistry(before), [...hours, newRegistry(capRegistry(caps), '2026-11-20 10:30')]);
  return result.findings.filter(({ rule }) => rule === 'limit.total');
}

describe('a registry that changes long after a cap was passed', () => {
  it('and raises it closes the finding, which says so', () => {
    const [finding, ...others] = after([{ ...MONTH_CAP, tonnes: 6 }]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ state: 'closed', evidence: { cap: { tonnes: 6 }, stillOver: false } });
    expect(finding?.explanation.zh).toContain('已不再超过');
  });

  it('and raises it to what is passed later opens it again', () => {
    // 5.3 t are passed at 11-23 03:00
    const [finding] = after([{ ...MONTH_CAP, tonnes: 5.3 }]);
    expect(finding).toMatchObject({ state: 'open', end: null, evidence: { passedAt: rfc3339('2026-11-23 03:00') } });
  });

  it('and strikes it out closes the finding', () => {
    const [finding] = after([]);
    expect(finding).toMatchObject({ state: 'closed', evidence: { cap: { tonnes: 2 } } });
    expect(finding?.end?.startsWith('2026-11-1')).toBe(true);
  });

  it('and strikes one of two out leaves the other', () => {
    const year: CapEntry = { signal: 'nox', tonnes: 1, per: 'P1Y', from: '2026-11-01' };
    const states = after([year], [MONTH_CAP, year]).map(({ state, evidence }) => [evidence['cap'], state]);
    expect(states).toEqual([
      [expect.objectContaining({ per: 'P1Y' }), 'open'],
      [expect.objectContaining({ per: 'P1M' }), 'closed'],
    ]);
  });

  it('and moves its begin before the period goes on counting', () => {
    const [finding] = after([{ ...MONTH_CAP, from: '2026-10-01' }]);
    expect(finding).toMatchObject({ state: 'open', evidence: { hours: { measured: 552 } } });
  });

  it('and begins to cap a signal counts as far back as it is read again', () => {
    const [finding] = after([{ ...MONTH_CAP, tonnes: 1 }], []);
    const coverage = finding?.evidence['coverage'] as { from: string; hoursBefore: number };
    expect(coverage.from >= rfc3339('2026-11-12')).toBe(true);
    expect(coverage.hoursBefore).toBeGreaterThan(24 * 10);
    expect(finding?.evidence['lowerBound']).toBe(true);
  });
});

describe('parameters of a site', () => {
  it('set its own terms of substitution', () => {
    const site = { rules: { 'limit.total': { fewestHours: 2, shortGapMs: 3_600_000 } } };
    const result = playHours(capRegistry(undefined, { site }), stackHours('100 120 100x30 _x2 100'));
    expect(massRuns(result)).toEqual(['measured 10', 'measured 12', 'measured 10 ×30', 'max720 12 ×2', 'measured 10']);
  });
});

it('a year of a working stack leaves little to remember', () => {
  const engine = createEngine();
  const wavering = Array.from({ length: 365 }, (_, day) => `${String(80 + ((day * 37) % 41))}x23 _`).join(' ');
  const caps: CapEntry[] = [MONTH_CAP, { signal: 'nox', tonnes: 200, per: 'P1Y' }];
  for (const record of toRecords(capRegistry(caps), stackHours(wavering, undefined, { from: '2026-01-01' })))
    engine.take(record);
  engine.finish();
  const saved = JSON.parse(engine.save('plant')) as { event: { outlets: Record<string, { emission: unknown }> } };
  expect(JSON.stringify(saved.event.outlets['stack']?.emission).length).toBeLessThan(6_000);
});
