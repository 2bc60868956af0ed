import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endLoop, initialLoopState, isLoop, joinLoop, type LoopState } from './picture-loop.ts';

const MINUTE_MS = 60_000;
const LEAST_MS = 30 * MINUTE_MS;

function show(state: LoopState, pictures: readonly string[], from = 0, isFound = false): string[] {
  return pictures.map((picture, index) => {
    const start = (from + index) * MINUTE_MS;
    const span = { start, end: start + MINUTE_MS, everyMs: MINUTE_MS, picture, isQuiet: false };
    return joinLoop(state, span, isFound);
  });
}

const showing = (length: number): string[] => Array.from({ length }, (_, index) => `picture-${String(index)}`);
const times = (pictures: readonly string[], count: number): string[] =>
  Array.from({ length: count }, () => pictures).flat();

describe('pictures that come again in the same order', () => {
  it('are a loop after three showings and half an hour', () => {
    const state = initialLoopState();
    show(state, times(showing(15), 2));
    expect(isLoop(state, LEAST_MS)).toBe(false);
    show(state, showing(15), 30);
    expect(isLoop(state, LEAST_MS)).toBe(true);
    expect(state).toMatchObject({ period: 15, matches: 30, since: 15 * MINUTE_MS, goneTo: 45 * MINUTE_MS });
  });

  it('are none where two pictures take turns', () => {
    const state = initialLoopState();
    show(state, times(['on', 'off'], 40));
    expect(isLoop(state, LEAST_MS)).toBe(false);
  });

  it('are none while nothing comes again', () => {
    const state = initialLoopState();
    show(state, showing(200));
    expect(isLoop(state, LEAST_MS)).toBe(false);
  });

  it('end with the first other picture, and a gap is unknown until a whole showing was seen', () => {
    const state = initialLoopState();
    show(state, times(showing(12), 4));
    expect(show(state, ['another'], 48, true)).toEqual(['ends']);
    endLoop(state);
    expect(isLoop(state, LEAST_MS)).toBe(false);
    const shifted = initialLoopState();
    show(shifted, times(showing(12), 4));
    expect(new Set(show(shifted, showing(12), 100, true))).toEqual(new Set(['unknown']));
    expect(new Set(show(shifted, showing(12), 112, true))).toEqual(new Set(['goes on']));
  });

  it('are found at any length up to an hour, however the state is put away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 1, max: 50 }), (length, every) => {
        let state = initialLoopState();
        for (const [index, picture] of times(showing(length), Math.max(3, Math.ceil(60 / length))).entries()) {
          show(state, [picture], index);
          if (index % every === 0) state = JSON.parse(JSON.stringify(state)) as LoopState;
        }
        expect(isLoop(state, LEAST_MS)).toBe(true);
        expect(state.period).toBe(length);
      }),
    );
  });
});
