import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import type { Sample } from '../../contracts/ports/detection-store.ts';
import { toLine, type Point } from './line-protocol.ts';
import { findingPoint, meanPoints, samplePoint } from './to-points.ts';

const TS = Date.UTC(2026, 10, 22);

const sample: Sample = {
  site: 'demo-cement',
  device: 'cems-1',
  ts: TS,
  periodMs: 0,
  received: TS + 1_234,
  signals: ['so2', 'nox', 'picture-hash'],
  values: [12.3, 31.4, 'a1'],
  flags: 'NMN',
  revision: 0,
};

const mean: Mean = {
  site: 'demo-cement',
  outlet: 'kiln-tail',
  device: 'cems-1',
  signal: 'nox',
  average: 'PT1H',
  start: '2026-11-22T08:00:00+08:00',
  end: '2026-11-22T09:00:00+08:00',
  state: 'final',
  valid: true,
  parts: { valid: 60, expected: 60, unit: 'minutes' },
  mean: 88.25,
  converted: null,
  o2: 9.8,
  operating: true,
  verdict: 'within',
  source: 'samples',
};

const finding: Finding = {
  id: 'f-1',
  rule: 'order.shutdown',
  ruleVersion: 1,
  category: 'order',
  site: 'demo-cement',
  district: 'xinmi',
  subject: { line: 'kiln-1', order: '2026-R-017' },
  start: '2026-11-22T08:00:00.250+08:00',
  end: null,
  detectedAt: '2026-11-22T08:15:00+08:00',
  state: 'open',
  revision: 1,
  severity: 'high',
  confidence: 1,
  title: { zh: '停产令', en: 'Ran in a shutdown' },
  explanation: { zh: '…', en: '…' },
  evidence: {},
  basis: [],
};

/** Measurement, tags and time: what is overwritten by another point with the same. */
function place(point: Point | undefined): string {
  const [head, , time] = toLine({ ...point!, fields: [['a', { kind: 'integer', value: 1 }]] }).split(' ');
  return `${head} ${time}`;
}

const fieldsOf = (point: Point | undefined): Record<string, unknown> =>
  Object.fromEntries(point!.fields.map(([name, { value }]) => [name, value]));

describe('a sample', () => {
  it('is a point of its device, with a field a signal and flags that are not N', () => {
    expect(place(samplePoint(sample))).toBe(`report,device=cems-1,site=demo-cement ${TS}000000`);
    expect(fieldsOf(samplePoint(sample))).toEqual({
      so2: 12.3,
      nox: 31.4,
      nox__flag: 'M',
      'picture-hash__text': 'a1',
      nox__received: TS + 1_234,
      nox__with: 'nox,picture-hash,so2',
    });
  });

  it('of a period stands in a measurement of that period', () => {
    expect(place(samplePoint({ ...sample, periodMs: 900_000 }))).toMatch(/^report_PT15M,/);
    expect(() => samplePoint({ ...sample, periodMs: 7 })).toThrow(RangeError);
  });

  it('that came later never has the place of the first, nor of another later one', () => {
    const places = [0, 1, 2].map((revision) => place(samplePoint({ ...sample, revision })));
    expect(new Set(places).size).toBe(3);
    expect(places[1]).toBe(`disputed,device=cems-1,site=demo-cement ${TS}000001`);
    expect(fieldsOf(samplePoint({ ...sample, revision: 1 }))).toMatchObject({ so2__flag: 'N', nox__flag: 'M' });
  });

  it('without values is no point', () => {
    expect(samplePoint({ ...sample, signals: [], values: [], flags: '' })).toBeUndefined();
  });

  it('may hold a signal that is called as a word of the server', () => {
    expect(fieldsOf(samplePoint({ ...sample, signals: ['time'], values: [1], flags: 'N' }))).toMatchObject({
      time__number: 1,
    });
  });
});

describe('a mean', () => {
  it('keeps its first form, beside every later one and the newest', () => {
    const [first] = meanPoints(mean);
    const provisional = meanPoints({ ...mean, state: 'provisional' });
    const revised = [90, 91].flatMap((value) => meanPoints({ ...mean, state: 'revised', mean: value }));
    expect(place(first)).toBe(`mean_PT1H,outlet=kiln-tail,site=demo-cement ${TS}000000`);
    expect(provisional.map(place)).toEqual([place(first)]);
    expect(new Set([first, ...revised].map(place)).size).toBe(4);
    expect(place(revised[1])).toBe(place(revised[3]));
    expect(place(revised[1])).toBe(`mean_newest_PT1H,outlet=kiln-tail,site=demo-cement ${TS}000000`);
  });

  it('the same again has the same place', () => {
    const again = (): string[] => meanPoints({ ...mean, state: 'revised' }).map(place);
    expect(again()).toEqual(again());
  });

  it('that is not known has no number', () => {
    expect(fieldsOf(meanPoints({ ...mean, mean: null })[0])).toEqual({
      nox__valid: true,
      nox__verdict: 'within',
      nox__state: 'final',
      nox__body: JSON.stringify({ ...mean, mean: null }),
    });
  });

  it('without an outlet is one of its device', () => {
    expect(place(meanPoints({ ...mean, outlet: '' })[0])).toMatch(/^mean_PT1H,device=cems-1,site=/);
  });
});

describe('a finding', () => {
  it('has a point for each revision, side by side in the second of its start', () => {
    const [first, second] = [1, 2].map((revision) => findingPoint({ ...finding, revision }));
    expect(place(first)).toMatch(/^finding,district=xinmi,site=demo-cement \d+$/);
    expect(first!.ms).toBe(TS);
    expect(second!.ns - first!.ns).toBe(1);
    expect(fieldsOf(first)).toMatchObject({ id: 'f-1', start: TS + 250, line: 'kiln-1', order: '2026-R-017' });
    expect(fieldsOf(first)).not.toHaveProperty('end');
  });

  it('has another place than one of the same start and line', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `f-${i}`);
    expect(new Set(ids.map((id) => place(findingPoint({ ...finding, id })))).size).toBe(1_000);
  });

  it('is tagged with its outlet, else its device', () => {
    const of = (subject: Finding['subject']): string => place(findingPoint({ ...finding, subject }));
    expect(of({ outlet: 'kiln-tail', device: 'cems-1' })).toMatch(/,outlet=kiln-tail,site=demo-cement /);
    expect(of({ device: 'cems-1' })).toMatch(/^finding,device=cems-1,district/);
  });
});
