import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import {
  expectedDraw,
  initialNormalDraw,
  isLearned,
  learnDraw,
  shareOfTimeBelow,
  type Expected,
  type NormalDraw,
} from './treatment-normal.ts';

/** Learned minute by minute: `[hours, load kW, draw kW]`. */
function learned(...parts: readonly (readonly [number, number, number])[]): NormalDraw {
  let normal = initialNormalDraw();
  let at = 0;
  for (const [hours, load, draw] of parts) {
    for (const end = at + hours * HOUR_MS; at < end; at += MINUTE_MS) {
      learnDraw(normal, load, draw, { ms: MINUTE_MS, day: Math.floor(at / DAY_MS) * DAY_MS });
    }
    normal = JSON.parse(JSON.stringify(normal)) as NormalDraw;
  }
  return normal;
}

const kW = (normal: NormalDraw, load: number): number => Math.round(expectedDraw(normal, load)?.kW ?? -1);

describe('what a stage normally draws', () => {
  it('is not said before half a day of joint running', () => {
    expect([isLearned(learned([11.9, 500, 100])), isLearned(learned([12, 500, 100]))]).toEqual([false, true]);
    expect(expectedDraw(learned([11.9, 500, 100]), 500)).toBeUndefined();
  });

  it('is its own at each load', () => {
    const normal = learned([8, 800, 160], [8, 300, 40]);
    expect(kW(normal, 800) / 160).toBeCloseTo(1, 0);
    expect(kW(normal, 300) / 40).toBeCloseTo(1, 0);
  });

  it('a load that was seen for less than three hours is taken from the next one below', () => {
    const normal = learned([12, 400, 100], [2.9, 800, 10]);
    expect(kW(normal, 800)).toBe(kW(normal, 400));
  });

  it('below all that was seen it falls with the cube of the load', () => {
    const normal = learned([12, 512, 100]);
    expect(kW(normal, 256) / kW(normal, 512)).toBeCloseTo(1 / 8, 1);
  });

  it('says how much of the time less was drawn', () => {
    const normal = learned([9, 500, 100], [3, 500, 30]);
    const share = shareOfTimeBelow(expectedDraw(normal, 500) as Expected, 50);
    expect(share).toBeCloseTo(0.25, 9);
  });

  it('a load of nothing is no load', () => {
    expect(expectedDraw(learned([12, 500, 100]), 0)).toBeUndefined();
    const normal = initialNormalDraw();
    learnDraw(normal, 0, 100, { ms: HOUR_MS, day: 0 });
    learnDraw(normal, 500, 0, { ms: HOUR_MS, day: 0 });
    expect(normal).toEqual(initialNormalDraw());
  });
});
