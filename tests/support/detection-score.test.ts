import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { TruthLine } from '../../simulators/truth.ts';
import { scoreCases, type PlayedCase } from './detection-score.ts';

const at = (time: string): string => `2026-11-18T${time}:00+08:00`;

function finding(rule: string, from: string, to: string | null, subject: Finding['subject'] = {}): Finding {
  return {
    id: `${rule} ${from}`,
    rule,
    ruleVersion: 1,
    category: 'quality',
    site: 's',
    district: 'd',
    subject,
    start: at(from),
    end: to === null ? null : at(to),
    detectedAt: at(from),
    state: 'closed',
    revision: 1,
    severity: 'low',
    confidence: 1,
    title: { zh: '', en: '' },
    explanation: { zh: '', en: '' },
    evidence: {},
    basis: [],
  };
}

function truth(rule: string, from: string, to: string, rest: Partial<TruthLine> = {}): TruthLine {
  return {
    rule,
    site: 's',
    subject: { device: 'a' },
    start: at(from),
    end: at(to),
    fault: 'f',
    strength: 'weak',
    ...rest,
  };
}

function play(lines: readonly TruthLine[], findings: readonly Finding[]): PlayedCase {
  return { name: 'case', seed: 1, siteDays: 2, truth: lines, findings };
}

const RULES = ['quality.offline', 'treatment.off'];
const scoreOf = (played: PlayedCase): ReturnType<typeof scoreCases> => scoreCases([played], RULES);

describe('the score', () => {
  it('counts a finding of the rule, the subject and the time as found, with its delay', () => {
    const late = { ...finding('quality.offline', '08:00', '09:00', { device: 'a' }), detectedAt: at('08:17') };
    const { rules, misses, falseAlarms } = scoreOf(play([truth('quality.offline', '08:02', '09:00')], [late]));
    expect(rules[0]).toMatchObject({ hits: 1, falseAlarms: 0, delaysMinutes: [15] });
    expect(rules[0]?.strengths.weak).toEqual({ events: 1, found: 1 });
    expect([misses, falseAlarms]).toEqual([[], []]);
  });

  it.each([
    ['of another subject', finding('quality.offline', '08:00', '09:00', { device: 'b' })],
    ['of another time', finding('quality.offline', '05:00', '07:59', { device: 'a' })],
    ['of another rule', finding('treatment.off', '08:00', '09:00', { device: 'a' })],
    ['of another site', { ...finding('quality.offline', '08:00', '09:00', { device: 'a' }), site: 't' }],
  ])('a finding %s finds nothing', (_name, one) => {
    const { rules, misses } = scoreOf(play([truth('quality.offline', '08:00', '09:00')], [one]));
    expect(rules[0]).toMatchObject({ hits: 0 });
    expect(misses).toHaveLength(1);
  });

  it('explains what a fault brings with it, for a while after its end', () => {
    const line = truth('quality.offline', '08:00', '09:00', { also: ['treatment.off'] });
    const alarms = (from: string): number =>
      scoreOf(play([line], [finding('treatment.off', from, '23:00')])).falseAlarms.length;
    expect([alarms('08:30'), alarms('11:59'), alarms('12:01')]).toEqual([0, 0, 1]);
  });

  it('does not call it an alarm where a rule only informs', () => {
    const told = { ...finding('treatment.off', '08:00', '09:00'), severity: 'info' as const };
    expect(scoreOf(play([], [told])).falseAlarms).toEqual([]);
    expect(scoreOf(play([], [{ ...told, severity: 'low' }])).falseAlarms).toHaveLength(1);
  });

  it('counts who falls for a look-alike, and does not call it a miss when nobody does', () => {
    const line = truth('quality.offline', '08:00', '09:00', { benign: true, also: ['treatment.off'] });
    const quiet = scoreOf(play([line], [finding('treatment.off', '08:00', '09:00')]));
    expect([quiet.misses, quiet.falseAlarms, quiet.rules[0]?.fooled]).toEqual([[], [], 0]);
    const fooled = scoreOf(play([line], [finding('quality.offline', '08:00', null)]));
    expect(fooled.rules[0]).toMatchObject({ lookAlikes: 1, fooled: 1, falseAlarms: 1, hits: 0 });
  });
});
