import { describe, expect, it } from 'vitest';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';
import { LIMIT_BLIND, LIMIT_PARAMETERS } from './limit-parameters.ts';

describe('the parameters of the exceedance rules', () => {
  it('have their default within their bounds', () => {
    const outside = LIMIT_PARAMETERS.filter((entry) => entry.default < entry.minimum || entry.default > entry.maximum);
    expect(outside).toEqual([]);
  });

  it('say in both languages where the rules are blind', () => {
    expect(LIMIT_BLIND.every(({ zh, en }) => zh !== '' && en !== '')).toBe(true);
  });

  it('may be set by a site', () => {
    const site = { rules: { 'limit.hour': { criticalRatio: 1.1 } } };
    const registry = plantRegistry({ site, outlet: { limits: [{ signal: 'nox', max: 100, average: 'PT1H' }] } });
    const minutes = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '110x60' });
    const [finding] = findingsOf(replayReports(registry, [...minutes, ...timePasses('09:00')]), 'limit.hour');
    expect(finding?.severity).toBe('critical'); // 110 / 100 = 1.1
  });
});
