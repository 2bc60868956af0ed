import { describe, expect, it } from 'vitest';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { createRandom } from '../../tests/support/seeded-random.ts';
import { backfill } from './falsification.backfill.ts';
import {
  addToShape,
  brokenShape,
  canTell,
  initialChannelHabit,
  initialFillShape,
  joinShapes,
  learnValue,
  type ChannelHabit,
  type Ends,
  type FillShape,
} from './fill-shape.ts';

const MINUTE = 60_000;
const RESOLUTION = 0.1;
const { context } = recordedContext(backfill);

/** A channel around 50 whose neighbours differ by a few. */
function habit(seed = 1, spread = 60): ChannelHabit {
  const random = createRandom(seed);
  const learned = initialChannelHabit();
  for (let minute = 0; minute < 600; minute += 1)
    learnValue(learned, 50 + (random.below(spread + 1) - spread / 2) / 10, minute * MINUTE, MINUTE);
  return learned;
}

function shapeOf(values: readonly (number | undefined)[], learned: ChannelHabit): FillShape {
  const shape = initialFillShape();
  values.forEach((value, index) => {
    if (value === undefined) return;
    const next = { value, ts: index * MINUTE, stepMs: MINUTE, resolution: RESOLUTION, calmShare: 0.2 };
    addToShape(shape, next, learned);
  });
  return JSON.parse(JSON.stringify(shape)) as FillShape;
}

const line = (count: number, slope: number, from = 45): number[] =>
  Array.from({ length: count }, (_, index) => Number((from + slope * index).toFixed(1)));

function broken(values: readonly (number | undefined)[], ends?: Ends, learned = habit()): string | undefined {
  return brokenShape(shapeOf(values, learned), learned, { resolution: RESOLUTION, ends }, context);
}

describe('the shape of a filled stretch', () => {
  it.each([
    ['six on a line', line(6, 0.9), undefined, 'interpolated'],
    ['five on a line', line(5, 0.9), undefined, undefined],
    ['a slope that is rounded', line(40, 0.03), undefined, 'interpolated'],
    [
      'a line with a hole of two minutes',
      [...line(4, 0.9), undefined, undefined, ...line(4, 0.9)],
      undefined,
      undefined,
    ],
    ['a line within honest values', [47.1, 52, 48.3, 51, ...line(8, 0.5), 52.9, 46.2, 51.3], undefined, 'interpolated'],
    ['equal, and not the mean of both ends', new Array<number>(10).fill(50), [45, 45], undefined],
    ['equal to the mean of both ends', new Array<number>(10).fill(50), [45, 55], 'mean-of-ends'],
    ['within the rounding of it', new Array<number>(10).fill(50), [45, 55.1], 'mean-of-ends'],
    ['beyond the rounding of it', new Array<number>(10).fill(50), [45, 55.2], undefined],
    ['equal for long: too smooth', new Array<number>(30).fill(50), undefined, 'smooth'],
    ['the ends are not known', new Array<number>(10).fill(50), undefined, undefined],
  ] as const)('%s', (_name, values, ends, expected) => {
    expect(broken(values, ends)).toBe(expected);
  });

  it('honest stretches of the same channel are left alone', () => {
    const learned = habit(1);
    const random = createRandom(77);
    const found = Array.from({ length: 2_000 }, () => {
      const values = Array.from({ length: 120 }, () => 50 + (random.below(61) - 30) / 10);
      return broken(values, [47, 53], learned);
    }).filter((kind) => kind !== undefined);
    expect(found).toEqual([]);
  });

  it('a channel in coarse steps says nothing', () => {
    const learned = habit(1, 2);
    expect(canTell(learned, RESOLUTION)).toBe(false);
    expect(broken(line(30, 0.1), undefined, learned)).toBeUndefined();
  });

  it('nor does one of which little is known', () => {
    const learned = initialChannelHabit();
    for (let minute = 0; minute < 29; minute += 1)
      learnValue(learned, minute % 2 === 0 ? 40 : 60, minute * MINUTE, MINUTE);
    expect(broken(line(30, 0.5), undefined, learned)).toBeUndefined();
  });

  it('a gap while learning makes no bend', () => {
    const learned = initialChannelHabit();
    learnValue(learned, 50, 0, MINUTE);
    learnValue(learned, 51, MINUTE, MINUTE);
    learnValue(learned, 90, 10 * MINUTE, MINUTE);
    expect([learned.chain, learned.bend, learned.step]).toEqual([1, 0, 1]);
  });

  it('two parts of one stretch are judged together', () => {
    const learned = habit();
    const parts = [new Array<number>(12).fill(50), new Array<number>(12).fill(50)].map((part) =>
      shapeOf(part, learned),
    );
    const whole = joinShapes(parts[0] as FillShape, parts[1] as FillShape);
    expect(brokenShape(whole, learned, { resolution: RESOLUTION, ends: undefined }, context)).toBe('smooth');
  });
});
