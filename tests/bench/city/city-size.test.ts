import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../simulators/scenario.ts';
import { withSites } from './city-size.ts';

const CITY = readFileSync(new URL('../../../simulators/scenarios/city.yaml', import.meta.url), 'utf8');

describe('a city with fewer sites', () => {
  it('has exactly as many as were asked for, of every kind in proportion', () => {
    const { sites } = parseScenario(withSites(CITY, 40), { source: 'city.yaml' });
    const having = (kind: string): number =>
      sites.filter(({ devices }) => devices.some((device) => device.kind === kind)).length;
    expect(sites).toHaveLength(40);
    // 440, 1,340 and 1,870 of 3,650.
    expect(having('cems')).toBe(5);
    expect(having('meter')).toBe(5 + 15);
  });

  it('is the same city where nothing is cut', () => {
    expect(withSites(CITY, 3_650)).toBe(CITY);
  });

  it('needs a city', () => {
    expect(() => withSites('version: 1\nsites: []\n', 10)).toThrow(/does not say how many cems/);
  });
});
