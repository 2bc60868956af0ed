import { describe, expect, it } from 'vitest';
import { explainChildren, explainPhase, explainRatio, explainRegister } from './meter-words.ts';

const since = '2026-11-22T10:00:00+08:00';

/** Each text as it is to be read: numbers, local time, and what it means for the energy. */
describe('a meter in words', () => {
  it('a register that grows more than the power says', () => {
    const { zh, en } = explainRegister({
      form: 'mismatch',
      device: 'm-mill',
      since,
      hours: 3,
      registerKwh: 900,
      powerKwh: 630,
      seenShare: 0.7,
    });
    expect(en).toBe(
      'From 2026-11-22 10:00 on, over judged hours (count: 3), the register of meter m-mill grew by 900 kWh while its power sums to 630 kWh. The power shows 70 % of the other: what is judged by it comes out too low.',
    );
    expect(zh).toContain('功率只反映了另一者的 70 %');
  });

  it('and one that grows less', () => {
    const evidence = {
      form: 'mismatch',
      device: 'm',
      since,
      hours: 2,
      registerKwh: 300,
      powerKwh: 600,
      seenShare: 0.5,
    };
    expect(explainRegister(evidence).en).toContain('The register shows 50 % of the other');
    expect(explainRegister(evidence).zh).toContain('表码只反映了另一者的 50 %');
  });

  it('a register set back', () => {
    const evidence = { form: 'backwards', device: 'm', since, beforeKwh: 5017.4, afterKwh: 4000.1, lostKwh: 1017.3 };
    expect(explainRegister(evidence)).toEqual({
      zh: '电表 m 的表码在 2026-11-22 10:00 由 5017 kWh 倒退为 4000 kWh，少了 1017 kWh，期间没有换表或维护标记。按表码核算的电量至少少计这一数额。',
      en: 'At 2026-11-22 10:00 the register of meter m went back from 5017 kWh to 4000 kWh, by 1017 kWh, with no exchange or maintenance declared. Energy worked out from the register is short by at least that.',
    });
  });

  it('a phase, and power with no current at all', () => {
    const phase = { device: 'm', since, minutes: 45, currentA: 0.2, largestA: 310, voltageV: 229 };
    expect(explainPhase({ ...phase, signal: 'current-c', usualShare: 0.935 }).en).toContain(
      'current-c of meter m was 0.2 A on average while the largest phase carried 310 A and this phase had 229 V, for 45 minutes. It used to carry 93.5 % of the largest',
    );
    expect(explainPhase({ device: 'm', since, minutes: 45, signal: 'power', powerKw: 180 }).zh).toContain('180 kW');
  });

  it('parts and whole', () => {
    const children = [
      { device: 'm-a', kw: 300 },
      { device: 'm-b', kw: 150 },
    ];
    const evidence = {
      device: 'm-total',
      since,
      minutes: 180,
      parentKw: 200,
      childrenKw: 450,
      excessKw: 250,
      children,
    };
    expect(explainChildren(evidence).en).toContain('(m-a 300 kW, m-b 150 kW), for 3 hours. At least 250 kW');
  });

  it('a ratio that was changed, that was never right, and one that was exchanged and not registered', () => {
    const evidence = { device: 'm', since, after: 80, seenShare: 0.4, marked: false };
    expect(explainRatio({ ...evidence, before: 200, registered: null }).en).toContain('was changed from 200 to 80.');
    expect(explainRatio({ ...evidence, before: null, registered: 200 }).en).toContain(
      'is 80; the registered ratio is 200.',
    );
    expect(explainRatio({ ...evidence, before: 200, registered: 200, marked: true }).en).toContain(
      'the registry does not know the new one. With it power and energy are seen at 40 %',
    );
  });
});
