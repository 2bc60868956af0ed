import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cover, initialTrack, reachMs, type Segment } from './covered-time.ts';

const MINUTE = 60_000;

interface Said {
  readonly at: number;
  readonly period?: number;
}

/** Covered spans in minutes; `period` in minutes makes a period that begins at `at`. */
function covered(said: readonly Said[], everyMs = MINUTE): (readonly [number, number])[] {
  const track = initialTrack();
  const segments: Segment[] = [];
  for (const { at, period = 0 } of said) {
    const report = { ts: at * MINUTE, periodMs: period * MINUTE, endAt: (at + period) * MINUTE, readings: [] };
    const segment = cover(track, everyMs, report);
    if (segment !== undefined) segments.push(segment);
  }
  return segments.map(({ start, end }) => [start / MINUTE, end / MINUTE]);
}

describe('covered time', () => {
  it.each<readonly [string, readonly Said[], readonly (readonly [number, number])[]]>([
    ['one instant covers nothing yet', [{ at: 0 }], []],
    ['two instants cover the time between them', [{ at: 0 }, { at: 1 }], [[0, 1]]],
    ['one and a half cadences apart is near enough', [{ at: 0 }, { at: 1.5 }], [[0, 1.5]]],
    ['farther apart is a gap', [{ at: 0 }, { at: 1.51 }, { at: 2 }], [[1.51, 2]]],
    ['a period covers itself', [{ at: 0, period: 15 }], [[0, 15]]],
    [
      'a period covers itself behind a gap',
      [
        { at: 0, period: 1 },
        { at: 30, period: 1 },
      ],
      [
        [0, 1],
        [30, 31],
      ],
    ],
    [
      'overlapping periods cover once',
      [
        { at: 0, period: 15 },
        { at: 10, period: 15 },
      ],
      [
        [0, 15],
        [15, 25],
      ],
    ],
    ['a period mostly covered already says nothing new', [{ at: 0 }, { at: 1 }, { at: 0, period: 1 }], [[0, 1]]],
    [
      'minutes and then their quarter',
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ at, period: 1 })).concat({ at: 0, period: 15 }),
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => [at, at + 1] as const),
    ],
    [
      'a quarter of which few minutes were heard covers the rest',
      [
        { at: 0, period: 1 },
        { at: 0, period: 15 },
      ],
      [
        [0, 1],
        [1, 15],
      ],
    ],
    [
      'a second message of one period brings its own signals',
      [
        { at: 0, period: 1 },
        { at: 0, period: 1 },
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ],
    [
      'an instant behind a period begins anew',
      [{ at: 0, period: 1 }, { at: 1 }, { at: 2 }],
      [
        [0, 1],
        [1, 2],
      ],
    ],
  ])('%s', (_name, said, expected) => {
    expect(covered(said)).toEqual(expected);
  });

  it('the earlier value holds between two instants, both messages of one instant together', () => {
    const track = initialTrack();
    const reading = (signal: string) => ({
      signal,
      value: 1,
      flag: 'N' as const,
      min: undefined,
      max: undefined,
      converted: undefined,
    });
    cover(track, MINUTE, { ts: 0, periodMs: 0, endAt: 0, readings: [reading('so2')] });
    cover(track, MINUTE, { ts: 0, periodMs: 0, endAt: 0, readings: [reading('nox')] });
    const segment = cover(track, MINUTE, { ts: MINUTE, periodMs: 0, endAt: MINUTE, readings: [] });
    expect(segment?.readings.map(({ signal }) => signal)).toEqual(['so2', 'nox']);
  });

  it('never overlaps, never runs backwards and never exceeds what was reported', () => {
    const said = fc.array(
      fc.record({ end: fc.integer({ min: 0, max: 500 }), period: fc.constantFrom(0, 0, 0, 1, 15, 60) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(said, (list) => {
        const ordered = [...list].sort((a, b) => a.end - b.end || b.period - a.period);
        const distinct = ordered.filter((entry, index) => entry.end !== ordered[index - 1]?.end);
        const segments = covered(distinct.map(({ end, period }) => ({ at: end - period, period })));
        for (const [index, [start, end]] of segments.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(start).toBeGreaterThanOrEqual(segments[index - 1]?.[1] ?? -60);
          expect(distinct.some((entry) => entry.end === end)).toBe(true);
        }
      }),
    );
  });
});

describe('how far back a report to come may speak', () => {
  it('a period its length, an instant to the last one, and no further once that is too far away', () => {
    const track = initialTrack();
    expect(reachMs(track, MINUTE, 0)).toBe(1.5 * MINUTE);
    cover(track, MINUTE, { ts: 0, periodMs: 15 * MINUTE, endAt: 15 * MINUTE, readings: [] });
    expect(reachMs(track, MINUTE, 60 * MINUTE)).toBe(15 * MINUTE);
    cover(track, MINUTE, { ts: 60 * MINUTE, periodMs: 0, endAt: 60 * MINUTE, readings: [] });
    expect(reachMs(track, MINUTE, 61.5 * MINUTE)).toBe(1.5 * MINUTE);
    expect(reachMs(track, MINUTE, 61.6 * MINUTE)).toBe(0);
  });
});
