import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { createEmissionTotal } from '../means/emission-total.ts';
import { capEvidence, capWords, restsOn, signalWords, type CapStep } from './cap-words.ts';
import { limitTotal } from './limit.total.ts';

const START = moment('2026-11-01');

function step(total: Partial<CapStep['total']> = {}, cap: Partial<CapStep['cap']> = {}): CapStep {
  const span = { start: START, end: moment('2026-12-01') };
  return {
    cap: { tonnes: 2, per: 'P1M', fromAt: null, source: null, ...cap },
    total: { ...createEmissionTotal(span, START), to: START + 300 * HOUR_MS, ...total },
    subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
    at: START + 300 * HOUR_MS,
    isDayEnd: false,
  };
}

const evidenceOf = (of: CapStep): Record<string, unknown> => capEvidence(of, recordedContext(limitTotal).context);

describe('the evidence of a cap', () => {
  it('has tonnes of the kilograms, and the hours they rest on', () => {
    const hours = { measured: 200, max180: 24, max720: 40, max2160: 0, stopped: 36, unknown: 0 };
    expect(evidenceOf(step({ measuredKg: 1_500, substitutedKg: 600, hours }))).toEqual({
      signal: 'nox',
      cap: { tonnes: 2, per: 'P1M' },
      period: { start: rfc3339('2026-11-01'), end: rfc3339('2026-12-01') },
      tonnes: 2.1,
      measuredTonnes: 1.5,
      substitutedTonnes: 0.6,
      hours,
      coverage: { from: rfc3339('2026-11-01'), to: rfc3339('2026-11-13 12:00'), hoursBefore: 0 },
      lowerBound: false,
    });
  });

  it('keeps its own hours when the total goes on', () => {
    const of = step();
    const evidence = evidenceOf(of);
    of.total.hours.measured = 99;
    expect(evidence['hours']).toMatchObject({ measured: 0 });
  });

  it('names begin and source of the cap where there are any', () => {
    const cap = { fromAt: START, source: '排污许可证 3.1' };
    expect(evidenceOf(step({}, cap))['cap']).toMatchObject({ from: rfc3339('2026-11-01'), source: '排污许可证 3.1' });
  });
});

describe('the words of a cap', () => {
  it('name tonnes, period and source', () => {
    const evidence = evidenceOf(step({}, { source: '排污许可证 3.1' }));
    expect(capWords(evidence)).toEqual({
      zh: '总量控制指标 2 吨（P1M，依据 排污许可证 3.1）',
      en: 'the cap of 2 t for P1M (排污许可证 3.1)',
    });
    expect(capWords(evidenceOf(step())).en).toBe('the cap of 2 t for P1M');
    expect(signalWords(evidence)).toEqual({ zh: '氮氧化物', en: 'nox' });
  });

  it('say what the total rests on', () => {
    const hours = { measured: 200, max180: 24, max720: 40, max2160: 1, stopped: 36, unknown: 0 };
    const rests = restsOn(evidenceOf(step({ measuredKg: 1_500, substitutedKg: 600, hours })));
    expect(rests).toEqual({
      zh: '其中实测 1.5 吨（200 小时），按 HJ 75 替代 0.6 吨（65 小时）。',
      en: 'Of it 1.5 t are measured (200 hours) and 0.6 t substituted as in HJ 75 (65 hours).',
    });
  });

  it('say what is not in it', () => {
    const hours = { measured: 200, max180: 0, max720: 0, max2160: 0, stopped: 0, unknown: 7 };
    const from = START + 5 * HOUR_MS;
    const rests = restsOn(evidenceOf(step({ measuredKg: 1_500, hours, from, overRangeHours: 3 })));
    expect(rests.en).toBe(
      'Of it 1.5 t are measured (200 hours) and 0 t substituted as in HJ 75 (0 hours); 7 hours are unknown and not in it; ' +
        'nothing is known of the 5 hours before 2026-11-01 05:00; 3 hours were over range and count at face value: ' +
        'the total is a lower bound.',
    );
    for (const part of ['7 小时未知', '2026-11-01 05:00 之前的 5 小时', '3 小时超量程', '下限值'])
      expect(rests.zh).toContain(part);
  });
});
