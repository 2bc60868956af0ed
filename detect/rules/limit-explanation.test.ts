import { describe, expect, it } from 'vitest';
import { explainLimit } from './limit-explanation.ts';

const HOURS = { list: 'hours', zh: '小时', en: 'hours' } as const;
const START = '2026-11-22T08:00:00+08:00';

describe('the explanation of an exceedance', () => {
  it('tells a measured mean from a converted one', () => {
    const evidence = (hour: object): Record<string, unknown> => ({
      limit: { max: 100, average: 'PT1H' },
      hours: [{ start: START, ...hour }],
      worst: 110,
    });
    expect(explainLimit(evidence({}), HOURS).en).toContain('measured mean');
    expect(explainLimit(evidence({ converted: 110 }), HOURS).en).toContain('converted mean');
  });

  it('says that a lower bound is one', () => {
    const text = explainLimit(
      { limit: { max: 100, average: 'PT1H' }, hours: [{ start: START }], worst: 110, lowerBound: true },
      HOURS,
    );
    expect(text.zh).toContain('实际只会更高');
    expect(text.en).toContain('the true value can only be higher');
  });

  it('names who declared what and when', () => {
    const mark = { state: 'fault', by: 'cems-1', from: START, declaredAt: '2026-11-22T08:10:00+08:00' };
    const text = explainLimit(
      { limit: { max: 100, average: 'PT1H' }, hours: [{ start: START, mark }], worst: 110, excused: true },
      HOURS,
    );
    expect(text.zh).toContain('由 cems-1 于 2026-11-22 08:10 标记为 fault');
    expect(text.en).toContain('cems-1 declared it fault at 2026-11-22 08:10');
  });

  it('of evidence that lacks something says so instead of failing', () => {
    expect(explainLimit({}, HOURS).en).toContain('?');
  });
});
