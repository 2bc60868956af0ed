import { describe, expect, it } from 'vitest';
import { declaredMark, deviceReports } from './device-reports.ts';
import { moment, rfc3339 } from './local-moment.ts';
import { plantRegistry } from './plant-registry.ts';
import { enteredMark, findingLine, findingsOf, replayReports, toRecords } from './replay-reports.ts';

describe('the test kit', () => {
  it('reads moments as the wall clock shows them', () => {
    expect(rfc3339('08:00')).toBe('2026-11-22T08:00:00+08:00');
    expect(rfc3339('2026-11-23')).toBe('2026-11-23T00:00:00+08:00');
    expect(moment('2026-11-23 08:00:30') - moment('2026-11-23 08:00')).toBe(30_000);
    expect(() => moment('8 o clock')).toThrow(RangeError);
  });

  it('makes one report a step, without the gaps', () => {
    const reports = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '40 _x2 41!C', o2: '9 9' });
    expect(reports.map(({ report }) => report)).toEqual([
      { ts: '2026-11-22T08:00:00+08:00', values: { nox: 40, o2: 9 } },
      { ts: '2026-11-22T08:01:00+08:00', values: { o2: 9 } },
      { ts: '2026-11-22T08:03:00+08:00', values: { nox: 41 }, flags: { nox: 'C' } },
    ]);
  });

  it('gives a report of a period the end of the period as its time of arrival', () => {
    const reports = deviceReports({ device: 'cems-1', from: '08:00', period: 'PT1H' }, { nox: '40' });
    expect(toRecords(plantRegistry(), reports)[1]).toMatchObject({ received: moment('09:00'), offset: 1 });
  });

  it('sorts what several devices sent by arrival, behind the registry', () => {
    const records = toRecords(plantRegistry({ line: { production: [{ device: 'm-1', on: 100 }] } }), [
      ...deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '1 1' }),
      ...deviceReports({ device: 'm-1', from: '08:00', delayMs: 30_000 }, { power: '1 1' }),
      declaredMark({ device: 'cems-1', state: 'fault', from: '08:00', until: '09:00' }),
      enteredMark({ site: 'plant', state: 'fault', from: rfc3339('08:00') }, '08:00:10'),
    ]);
    expect(records.map((record) => ('device' in record ? record.device : record.kind))).toEqual([
      'registry',
      'cems-1',
      'cems-1',
      'mark',
      'm-1',
      'cems-1',
      'm-1',
    ]);
  });

  it('says what is wrong with a registry instead of running without it', () => {
    expect(() => plantRegistry({ outlet: { limits: [{ signal: 'nox', max: 1, average: 'PT7M' }] } })).toThrow(/limits/);
  });

  it('plays reports through the detector', () => {
    const registry = plantRegistry({ outlet: { limits: [{ signal: 'nox', max: 50, average: 'PT1H' }] } });
    const result = replayReports(registry, deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '60x60 40x61' }));
    expect(findingsOf(result, 'limit.hour').map(findingLine)).toEqual([
      'limit.hour high 11-22 08:00 → 11-22 09:00 closed',
    ]);
    expect(result.means.filter(({ average }) => average === 'PT1H').map(({ mean }) => mean)).toEqual([60, 40]);
    expect(result.deadLetters).toEqual([]);
  });
});
