import { describe, expect, it } from 'vitest';
import { moment } from '../../tests/support/local-moment.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import {
  initialStillState,
  isQuietScene,
  joinStill,
  learnStill,
  neededStill,
  type StillState,
} from './picture-still.ts';
import { video } from './quality.video.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const { context } = recordedContext(video);

function show(state: StillState, minutes: number, at: { from: number; isQuiet?: boolean }): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    const start = at.from + minute * MINUTE_MS;
    const span = { start, end: start + MINUTE_MS, everyMs: MINUTE_MS, picture: 'same', isQuiet: at.isQuiet ?? false };
    joinStill(state, span);
  }
}

describe('a picture that stays the same', () => {
  it('is measured from its first showing', () => {
    const state = initialStillState();
    show(state, 40, { from: 8 * HOUR_MS });
    expect(state).toMatchObject({
      since: 8 * HOUR_MS,
      lastEnd: 8 * HOUR_MS + 40 * MINUTE_MS,
      coveredMs: 40 * MINUTE_MS,
      repeats: 39,
      isQuiet: false,
    });
  });

  it('needs longer while nothing is known of the camera, and twice as long as it stood by itself', () => {
    const state = initialStillState();
    const unknown = neededStill(state, MINUTE_MS, context);
    show(state, 2, { from: 0 });
    learnStill(state, false);
    state.busy.compared = 5_000;
    const known = neededStill(state, MINUTE_MS, context);
    expect(known).toBeLessThan(unknown);
    expect(known).toBe(30 * MINUTE_MS);
    show(state, 25, { from: HOUR_MS });
    learnStill(state, false);
    expect(neededStill(state, MINUTE_MS, context)).toBe(50 * MINUTE_MS);
  });

  it('a finding does not teach, until it came three times', () => {
    const state = initialStillState();
    for (const from of [1, 2, 3]) {
      expect(state.busy).toMatchObject({ equal: 0, compared: 0, longest: { longestMs: 0 } });
      show(state, 40, { from: from * HOUR_MS });
      learnStill(state, true);
    }
    state.busy.compared = 5_000;
    expect(neededStill(state, MINUTE_MS, context)).toBe(80 * MINUTE_MS);
  });

  it('a quiet scene has its own habit, and a day of one picture is needed before a night was seen', () => {
    const state = initialStillState();
    show(state, 30, { from: 0, isQuiet: true });
    expect(neededStill(state, MINUTE_MS, context)).toBe(24 * HOUR_MS);
    learnStill(state, false);
    expect(state.quiet.compared).toBe(30);
    expect(state.busy.compared).toBe(0);
  });
});

it('a scene is quiet where the line is seen at rest, or where nobody says and it may be dark', () => {
  expect(isQuietScene(0, moment('12:00'), context)).toBe(true);
  expect(isQuietScene(1, moment('02:00'), context)).toBe(false);
  expect(
    [moment('02:00'), moment('07:59'), moment('08:00'), moment('16:59'), moment('17:00')].map((at) =>
      isQuietScene(undefined, at, context),
    ),
  ).toEqual([true, true, false, false, true]);
});
