import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { ReplayResult } from '../../detect/runner/replay.ts';
import { capRegistry, massRuns, MONTH_CAP, playHours, stackHours, tonnesByHand } from '../support/cap-plant.ts';
import { driveEngine } from '../support/drive-engine.ts';
import { rfc3339 } from '../support/local-moment.ts';
import { meanAt } from '../support/mean-at.ts';
import { enteredMark, findingsOf, toRecords } from '../support/replay-reports.ts';

const CAP = { ...MONTH_CAP, tonnes: 2.08 };
/** 174 hours, the monitor off for 26, then 10 kg/h again: the example of docs/explanation/emission-totals.md. */
const EXAMPLE = '100x10 120 100x163 _x26 100x3';

function total(result: ReplayResult): Finding | undefined {
  return findingsOf(result, 'limit.total').find(({ rule }) => rule === 'limit.total');
}

describe('the worked example', () => {
  const result = playHours(capRegistry([CAP]), stackHours(EXAMPLE));

  it('names the method of every hour', () => {
    expect(massRuns(result)).toEqual([
      'measured 10 ×10',
      'measured 12',
      'measured 10 ×163',
      'max720 12 ×19',
      'max2160 12 ×7',
      'measured 10 ×3',
    ]);
  });

  it('says of hours that came out differently that they are revised', () => {
    expect(meanAt(result, 'nox', '2026-11-08 06:00')).toMatchObject({ state: 'revised', valid: false, mean: null });
    expect(meanAt(result, 'nox', '2026-11-09 02:00')).toMatchObject({ state: 'final' });
  });

  it('passes the cap when it is said to, by the tonnes that it is said to', () => {
    const finding = total(result);
    expect(finding).toMatchObject({
      detectedAt: rfc3339('2026-11-09 11:00'),
      confidence: 0.8,
      evidence: { hours: { measured: 177, max180: 0, max720: 19, max2160: 7 }, measuredAlone: false },
    });
    expect(finding?.evidence['tonnes']).toBeCloseTo(2.084, 12);
    expect(finding?.evidence['measuredTonnes']).toBeCloseTo(1.772, 12);
    expect(finding?.evidence['substitutedTonnes']).toBeCloseTo(0.312, 12);
  });

  it('is the sum of the hourly means', () => {
    const span = { from: rfc3339('2026-11-01'), to: rfc3339('2026-11-09 11:00') };
    expect(tonnesByHand(result, span)).toBeCloseTo(2.084, 12);
  });
});

describe('a gap over the end of a month', () => {
  // 300 mg/m³ in the first hours of November, then 100; off from 30 November 12:00 on
  const hours = (gap: number): string => `300x10 100x698 _x${String(gap)} 100x5`;
  // 10 × 30 + 698 × 10 = 7,280 kg; twelve hours as a short gap 120 kg, as a long one 360 kg
  const caps = [{ ...MONTH_CAP, tonnes: 7.5 }];

  it('that stays short leaves November below its cap', () => {
    const result = playHours(capRegistry(caps), stackHours(hours(24)));
    expect(total(result)).toBeUndefined();
    expect(massRuns(result)).toContain('max180 10 ×24');
  });

  it('that becomes long passes it afterwards, over its own span', () => {
    const result = playHours(capRegistry(caps), stackHours(hours(25)));
    expect(total(result)).toMatchObject({
      start: rfc3339('2026-11-01'),
      end: rfc3339('2026-12-01'),
      detectedAt: rfc3339('2026-12-01 13:00'),
      state: 'closed',
      evidence: { hours: { max180: 0, max720: 12 } },
    });
    expect(total(result)?.evidence['tonnes']).toBeCloseTo(7.64, 12);
    const span = { from: rfc3339('2026-11-01'), to: rfc3339('2026-12-01') };
    expect(tonnesByHand(result, span)).toBeCloseTo(7.64, 12);
    expect(massRuns(result)).toContain('max720 30 ×25');
  });
});

describe('late data', () => {
  it('that fill a gap take the substitution back', () => {
    const late = stackHours('80x10', undefined, { from: '2026-11-05', delayMs: 30 * 3_600_000, resent: true });
    const gap = stackHours('100x96 _x10 100x124');
    const result = playHours(capRegistry(), [...gap, ...late]);
    const plain = playHours(capRegistry(), stackHours('100x96 80x10 100x124'));
    expect(massRuns(result)).toEqual(massRuns(plain));
    expect(massRuns(result)).toContain('measured 8 ×10');
    expect(total(result)?.evidence).toEqual(total(plain)?.evidence);
    expect(meanAt(result, 'nox', '2026-11-05 03:00').state).toBe('revised');
  });

  it('that turn out smaller withdraw the finding', () => {
    // the gap is substituted at 10 kg; measured it was 1: 1.91 t instead of 2.01 t
    const gap = stackHours('100x150 _x10 100x41 0x40');
    const late = stackHours('10x10', undefined, { from: '2026-11-07 06:00', delayMs: 60 * 3_600_000, resent: true });
    const result = playHours(capRegistry(), [...gap, ...late]);
    const told = result.findings.filter(({ rule }) => rule === 'limit.total');
    expect(told.map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('such as the mark of an officer make a missing span a standstill', () => {
    const mark = {
      site: 'plant',
      outlet: 'stack',
      state: 'stopped',
      from: rfc3339('2026-11-05'),
      to: rfc3339('2026-11-05 10:00'),
    };
    const gap = stackHours('100x96 _x10 100x124');
    const result = playHours(capRegistry(), [...gap, enteredMark(mark, '2026-11-09 20:00')]);
    expect(massRuns(result)).toContain('stopped 0 ×10');
  });
});

describe('an engine that is stopped and goes on', () => {
  const records = toRecords(capRegistry([CAP]), stackHours(`${EXAMPLE} 100x20`));
  const played = (restartAfter: (record: LogRecord) => boolean): readonly unknown[] => {
    const engine = driveEngine();
    for (const record of records) {
      engine.take(record);
      if (restartAfter(record)) engine.restart('plant');
    }
    return engine.finish().map(({ entry }) => entry);
  };

  it('says the same, wherever it was stopped', () => {
    const once = played(() => false);
    expect(played(({ offset }) => offset > 0 && offset % 5 === 0)).toEqual(once);
    expect(JSON.stringify(once)).toContain('limit.total');
  });
});
