import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimerHeap } from './timer-heap.ts';

describe('the timer heap', () => {
  it('gives what is due strictly before now, the earliest first, equal times by name', () => {
    const heap = createTimerHeap();
    heap.set('b', 10);
    heap.set('a', 10);
    heap.set('c', 5);
    expect(heap.nextAt()).toBe(5);
    expect([heap.takeDue(10), heap.takeDue(10)]).toEqual(['c', undefined]);
    expect([heap.takeDue(11), heap.takeDue(11), heap.takeDue(11)]).toEqual(['a', 'b', undefined]);
    expect(heap.nextAt()).toBeUndefined();
  });

  it('an earlier wish moves the timer, a later one does not', () => {
    const heap = createTimerHeap();
    heap.set('a', 10);
    heap.set('a', 20);
    heap.set('a', 5);
    expect(heap.takeDue(6)).toBe('a');
    expect(heap.takeDue(100)).toBeUndefined();
  });

  it('behaves like a sorted map from key to time', () => {
    const step = fc.oneof(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ now: fc.integer({ min: 0, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const heap = createTimerHeap();
        const model = new Map<string, number>();
        for (const wish of steps) {
          if ('key' in wish) {
            heap.set(wish.key, wish.at);
            model.set(wish.key, Math.min(wish.at, model.get(wish.key) ?? wish.at));
          } else {
            const [first] = [...model].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
            const due = first !== undefined && first[1] < wish.now ? first[0] : undefined;
            expect(heap.takeDue(wish.now)).toBe(due);
            if (due !== undefined) model.delete(due);
          }
          expect(heap.nextAt()).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
        }
      }),
    );
  });
});
