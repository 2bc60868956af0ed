import { describe, expect, it } from 'vitest';
import { MomentQueue } from './moment-queue.ts';
import { createRandom } from './random.ts';

describe('a queue of moments', () => {
  it('gives back by time, and of equal times by rank, whatever the order of coming', () => {
    const random = createRandom('queue');
    const queue = new MomentQueue<readonly [number, number]>();
    const wanted: [number, number][] = [];
    for (let index = 0; index < 2_000; index += 1) {
      const at = Math.floor(random.uniformAt(index) * 50);
      wanted.push([at, index]);
      queue.push(at, index, [at, index]);
    }
    wanted.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
    const given: (readonly [number, number])[] = [];
    while (queue.size > 0) {
      expect(queue.nextAt).toBe(wanted[given.length]?.[0]);
      const item = queue.pop();
      if (item !== undefined) given.push(item);
    }
    expect(given).toEqual(wanted);
    expect([queue.pop(), queue.nextAt]).toEqual([undefined, Infinity]);
  });

  it('keeps its order while things come and go', () => {
    const random = createRandom('coming and going');
    const queue = new MomentQueue<number>();
    let lastAt = 0;
    for (let index = 0; index < 3_000; index += 1) {
      queue.push(lastAt + random.uniformAt(index) * 100, index, index);
      if (index % 3 === 0) continue;
      const dueAt = queue.nextAt;
      queue.pop();
      expect(dueAt).toBeGreaterThanOrEqual(lastAt);
      lastAt = dueAt;
    }
  });
});
