import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialTrack } from './covered-time.ts';
import { decide, fitTimeline, initialTimeline, say, sweep, type Said, type TimelineState } from './timeline.ts';

type Row = readonly [number, number, readonly Said[]];

function swept(state: TimelineState, now: number, reach = 0): Row[] {
  const rows: Row[] = [];
  const speaker = { everyMs: 0, track: { ...initialTrack(), periodMs: reach } };
  sweep(state, now, [speaker, speaker, speaker], (start, end, said) => rows.push([start, end, [...said]]));
  return rows;
}

describe('several devices beside each other', () => {
  it('hands on spans in which nobody changes', () => {
    const state = initialTimeline(2);
    say(state, 0, { start: 0, end: 10 }, 1);
    say(state, 1, { start: 0, end: 4 }, 5);
    say(state, 1, { start: 4, end: 10 }, 6);
    expect(swept(state, 10)).toEqual([
      [0, 4, [1, 5]],
      [4, 10, [1, 6]],
    ]);
    expect(swept(state, 10)).toEqual([]);
  });

  it('waits for a member that may still speak, and no longer', () => {
    const state = initialTimeline(2);
    say(state, 0, { start: 0, end: 10 }, 1);
    expect(swept(state, 10, 10)).toEqual([]);
    expect(swept(state, 10, 4)).toEqual([[0, 6, [1, undefined]]]);
    say(state, 1, { start: 5, end: 10 }, 7);
    expect(swept(state, 10, 4)).toEqual([[6, 10, [1, 7]]]);
  });

  it('what is not covered between two words is unknown', () => {
    const state = initialTimeline(1);
    say(state, 0, { start: 0, end: 2 }, 1);
    decide(state, 0, 6);
    say(state, 0, { start: 6, end: 8 }, 2);
    expect(swept(state, 8)).toEqual([
      [0, 2, [1]],
      [2, 6, [undefined]],
      [6, 8, [2]],
    ]);
  });

  it('keeps what was said where a registry puts the members in another order, takes some away and adds others', () => {
    const state = initialTimeline(2);
    fitTimeline(state, ['a', 'b']);
    say(state, 0, { start: 0, end: 4 }, 1);
    say(state, 1, { start: 0, end: 4 }, 2);
    fitTimeline(state, ['b', 'c', 'a']);
    say(state, 1, { start: 0, end: 4 }, 3);
    expect(swept(state, 4)).toEqual([[0, 4, [2, 3, 1]]]);
  });

  it('a word without a valid value is unknown', () => {
    const state = initialTimeline(1);
    say(state, 0, { start: 0, end: 5 }, undefined);
    expect(swept(state, 5)).toEqual([[0, 5, [undefined]]]);
  });

  const words = fc.array(
    fc.record({
      member: fc.integer({ min: 0, max: 2 }),
      gap: fc.integer({ min: 0, max: 5 }),
      length: fc.integer({ min: 1, max: 9 }),
      said: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it('hands on every moment once, in order, with what each member said of it, however often it is swept', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 7 }), (list, sweepEvery) => {
        const state = initialTimeline(3);
        const truth: Map<number, Said>[] = [new Map(), new Map(), new Map()];
        const ends = [0, 0, 0];
        for (let member = 0; member < 3; member += 1) decide(state, member, 0);
        const rows: Row[] = [];
        let restored = state;
        for (const [index, { member, gap, length, said }] of list.entries()) {
          const start = (ends[member] ?? 0) + gap;
          const end = start + length;
          ends[member] = end;
          for (let at = start; at < end; at += 1) truth[member]?.set(at, said);
          say(restored, member, { start, end }, said);
          if (index % sweepEvery === 0) {
            rows.push(...swept(restored, Math.max(...ends), Number.POSITIVE_INFINITY));
            restored = JSON.parse(JSON.stringify(restored)) as TimelineState;
          }
        }
        const last = Math.max(...ends);
        rows.push(...swept(restored, last));
        let done = 0;
        for (const [start, end, said] of rows) {
          expect(start).toBe(done);
          done = end;
          for (let at = start; at < end; at += 1) expect(said).toEqual(truth.map((spoken) => spoken.get(at)));
        }
        expect(done).toBe(last);
      }),
      { numRuns: 60 },
    );
  });
});
