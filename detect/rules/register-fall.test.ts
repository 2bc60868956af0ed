import { describe, expect, it } from 'vitest';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { meter } from './falsification.meter.ts';
import { emitFall, refineStep, rollsOver, stepFall, type RegisterFall } from './register-fall.ts';

const MINUTE = 60_000;

function fallen(): RegisterFall {
  return { beforeKwh: 5_017, beforeAt: 0, start: MINUTE, lastKwh: 4_000, lastAt: MINUTE, open: null };
}

describe('the step of a register', () => {
  it.each([
    [[12_345.67, 12_346.18], 10],
    [[12_340, 12_360, 12_400], 20_000],
    [[7, 9], 1_000],
    [[0.3, 0.6], 300],
  ])('of %j is %j Wh', (values, step) => {
    expect(values.reduce(refineStep, 0)).toBe(step);
  });
});

describe('a register that rolls over', () => {
  it.each([
    [99_995.4, 0.5, undefined, true],
    [99_995.4, 5_001, undefined, false],
    [94_000, 0.5, undefined, false],
    [999.9, 0, undefined, true],
    [1_999_996, 2, 200, true],
    [1_999_996, 2, undefined, false],
    [0, 0, undefined, false],
    [99_999, -3, undefined, false],
  ])('%j to %j behind %j: %j', (before, after, ratio, rolls) => {
    expect(rollsOver(before, after, ratio)).toBe(rolls);
  });
});

describe('a fall', () => {
  const next = (kWh: number, serviced = false): string => stepFall(fallen(), { kWh, at: 2 * MINUTE }, 10, serviced);

  it('is nothing under a mark, or where the next value is back', () => {
    expect([next(4_001, true), next(5_017), next(5_016.99), next(5_030)]).toEqual(new Array(4).fill('nothing'));
  });

  it('is over when it grows, and goes on while it does not', () => {
    expect([next(4_005), next(4_000), next(3_990)]).toEqual(['over', 'falling', 'falling']);
  });

  it('is told when confirmed, once an hour, and when it is over', () => {
    const { context, drafts } = recordedContext(meter);
    const fall = fallen();
    for (let minute = 2; minute <= 130; minute += 1) {
      const outcome = stepFall(fall, { kWh: 4_000 - minute, at: minute * MINUTE }, 10, false);
      emitFall(fall, outcome, context, { device: 'm', signal: 'energy' });
    }
    emitFall(fall, stepFall(fall, { kWh: 3_900, at: 131 * MINUTE }, 10, false), context, { device: 'm' });
    expect(drafts.map(({ state, endAt, detectedAt }) => [state, endAt, detectedAt])).toEqual([
      ['open', null, 2 * MINUTE],
      ['open', null, 2 * MINUTE],
      ['open', null, 2 * MINUTE],
      ['closed', 131 * MINUTE, 2 * MINUTE],
    ]);
    expect(drafts.at(-1)?.evidence).toMatchObject({ beforeKwh: 5_017, afterKwh: 3_870, lostKwh: 1_147 });
  });
});
