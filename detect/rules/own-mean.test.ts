import { describe, expect, it } from 'vitest';
import { contradictionOf, learnDecimals, type Decimals, type OwnMeanInput, type OwnParts } from './own-mean.ts';

const ALLOWED = { share: 0.01, resolutions: 2 };
const PARTS: OwnParts = { mean: 50, min: 40, max: 60, valid: 60, expected: 60, unit: 'minutes', others: [] };

function input(mean: number, of: Partial<OwnMeanInput> = {}): OwnMeanInput {
  const base = { start: 0, end: 3_600_000, average: 'PT1H', min: undefined, max: undefined, isSigned: false };
  return { ...base, mean, parts: PARTS, resolution: 0.1, ...of };
}

const why = (of: OwnMeanInput, decimals: Decimals = [1, 1, 1]): string | undefined =>
  contradictionOf(of, decimals, ALLOWED)?.why;

describe('minimum and maximum of the same report', () => {
  it.each([
    ['hold the mean', 40, 60, undefined],
    ['do not hold it from below', 51, 60, 'outside-own'],
    ['do not hold it from above', 40, 49, 'outside-own'],
    ['are a step aside', 50.1, 60, undefined],
    ['are more than a step aside', 50.2, 60, 'outside-own'],
    ['are both zero: how loggers say that they have none', 0, 0, undefined],
    ['are upside down, which says nothing', 60, 51, undefined],
    ['are not both there', 51, undefined, undefined],
  ])('%s', (_name, min, max, expected) => {
    expect(why(input(50, { min, max }))).toBe(expected);
  });

  it('shown in whole numbers, without a resolution in the registry, may be off by one', () => {
    const of = { resolution: undefined, parts: undefined };
    expect(why(input(50.2, { ...of, min: 51, max: 60 }), [1, 0, 0])).toBeUndefined();
    expect(why(input(50.2, { ...of, min: 52, max: 60 }), [1, 0, 0])).toBe('outside-own');
  });
});

describe('the mean against its parts', () => {
  it('has to disagree with each mean that an honest device may have made', () => {
    expect(why(input(55))).toBe('differs');
    expect(why(input(55, { parts: { ...PARTS, others: [55.2, 40] } }))).toBeUndefined();
    expect(why(input(55, { parts: { ...PARTS, others: [53, 40] } }))).toBe('differs');
  });

  it('near the zero of a signed quantity is measured by how far its parts spread', () => {
    const parts = { ...PARTS, mean: -0.01, min: -20, max: 20, valid: 10, expected: 10 };
    const at = (mean: number, isSigned: boolean): string | undefined => why(input(mean, { parts, isSigned }));
    // 1 % of 40 is 0.4, two steps are 0.2
    expect([at(0.35, true), at(0.35, false), at(0.5, true)]).toEqual([undefined, 'differs', 'differs']);
  });

  it('may be off by one of many samples, where they lie far apart', () => {
    const steep = { ...PARTS, min: 0, max: 120 };
    // 120 / 60 = 2; of ten parts one would be worth far too much
    expect([why(input(52, { parts: steep })), why(input(52.1, { parts: steep }))]).toEqual([undefined, 'differs']);
    expect(why(input(52, { parts: { ...steep, valid: 10, expected: 10 } }))).toBe('differs');
  });

  it('tells by how much, and how much is allowed', () => {
    expect(contradictionOf(input(51), [1, 1, 1], ALLOWED)).toEqual({ why: 'differs', difference: 1, tolerance: 0.5 });
  });

  it('may come of parts that were lost, if those were like the others and at most their spread beyond', () => {
    // Of fifty between 40 and 60 the ten lost ones may have been 20 each, or 80
    const parts = { ...PARTS, valid: 50 };
    const hour = [44.8, 45, 55, 55.2].map((mean) => why(input(mean, { parts })));
    expect(hour).toEqual(['differs', undefined, undefined, 'differs']);
  });

  it('may come of more extreme ones where few tell how far the parts of the period spread', () => {
    // Of eight between 49.5 and 50.5 the two lost ones may have been four times as far beyond: 45.5 or 54.5
    const parts = { ...PARTS, min: 49.5, max: 50.5, valid: 8, expected: 10 };
    const short = [48.8, 49.1, 50.9, 51.2].map((mean) => why(input(mean, { parts })));
    expect(short).toEqual(['differs', undefined, undefined, 'differs']);
  });

  it('outside of what was seen says nothing where parts are missing', () => {
    const narrow = { ...PARTS, mean: 50, min: 50, max: 50 };
    expect(why(input(50.3, { parts: narrow }))).toBe('outside-parts');
    expect(why(input(50.3, { parts: { ...narrow, valid: 59 } }))).toBeUndefined();
  });

  it('without parts is not held against anything', () => {
    expect(why(input(500, { parts: undefined }))).toBeUndefined();
  });
});

describe('decimals', () => {
  const learned = (...means: number[]): Decimals => {
    const decimals: Decimals = [0, 0, 0];
    for (const mean of means) learnDecimals(decimals, input(mean, { min: 1.25, max: 3 }));
    return decimals;
  };

  it('are the most that were shown, six at most', () => {
    expect(learned(12)).toEqual([0, 2, 0]);
    expect(learned(12, 12.5, 12)).toEqual([1, 2, 0]);
    expect(learned(1 / 3)).toEqual([6, 2, 0]);
  });

  it('of sums that binary numbers cannot hold are those that are printed', () => {
    expect(learned(0.1 + 0.2)[0]).toBe(1);
    expect(learned(152_000.7)[0]).toBe(1);
  });
});
