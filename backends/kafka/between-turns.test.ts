import { describe, expect, it } from 'vitest';
import { BetweenTurns } from './between-turns.ts';

describe('changes between turns', () => {
  it('wait for the gap, and are done there in their order', async () => {
    const gaps = new BetweenTurns();
    const done: number[] = [];
    const changes = [1, 2].map((change) => gaps.do(() => void done.push(change)));
    expect(done).toEqual([]);
    gaps.pass();
    expect(done).toEqual([1, 2]);
    await Promise.all(changes);
  });

  it('that come while a gap is passed wait for the next', () => {
    const gaps = new BetweenTurns();
    const done: string[] = [];
    void gaps.do(() => {
      void gaps.do(() => void done.push('second'));
      done.push('first');
    });
    gaps.pass();
    expect(done).toEqual(['first']);
    gaps.pass();
    expect(done).toEqual(['first', 'second']);
  });

  it('are done at once when nothing is read any more', async () => {
    const gaps = new BetweenTurns();
    const done: string[] = [];
    const waiting = gaps.do(() => void done.push('waited'));
    gaps.end();
    await waiting;
    await gaps.do(() => void done.push('later'));
    expect(done).toEqual(['waited', 'later']);
  });

  it('tell whoever asked for them what went wrong, and nobody else', async () => {
    const gaps = new BetweenTurns();
    const wrong = gaps.do(() => {
      throw new RangeError('no such partition');
    });
    const right = gaps.do(() => undefined);
    gaps.pass();
    await expect(wrong).rejects.toThrow('no such partition');
    await expect(right).resolves.toBeUndefined();
  });
});
