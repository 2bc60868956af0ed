import { describe, expect, it } from 'vitest';
import { changeAfter, dropBefore, pushSpan, spanAt } from './span-queue.ts';

type Span = [number, number, number];

function queueOf(...spans: readonly Span[]): Span[] {
  const queue: Span[] = [];
  for (const span of spans) pushSpan(queue, [...span]);
  return queue;
}

describe('spans that wait', () => {
  it('follow each other as one where they say the same', () => {
    expect(queueOf([0, 10, 1], [10, 20, 1], [20, 30, 0], [35, 40, 0])).toEqual([
      [0, 20, 1],
      [20, 30, 0],
      [35, 40, 0],
    ]);
  });

  it('the first word on a time stands', () => {
    expect(queueOf([0, 10, 1], [5, 15, 0], [2, 8, 0])).toEqual([
      [0, 10, 1],
      [10, 15, 0],
    ]);
  });

  it('say what holds, and until when', () => {
    const queue = queueOf([10, 20, 1], [30, 40, 0]);
    expect([5, 10, 19, 20, 30, 40].map((at) => spanAt(queue, at)?.[2])).toEqual([
      undefined,
      1,
      1,
      undefined,
      0,
      undefined,
    ]);
    expect([5, 10, 20, 30, 40].map((at) => changeAfter(queue, at, 35))).toEqual([10, 20, 30, 35, 35]);
  });

  it('are let go once they are over', () => {
    const queue = queueOf([10, 20, 1], [30, 40, 0]);
    dropBefore(queue, 20);
    expect(queue).toEqual([[30, 40, 0]]);
  });
});
