/**
 * A picture that stays the same: how long it has, and how long this camera's pictures do by themselves. A yard at
 * night, or with the line at rest, repeats itself: such quiet scenes have a habit of their own.
 */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { RuleContext } from './rule.ts';
import {
  equalLength,
  equalShare,
  fadeHabit,
  initialRunHabit,
  learnRun,
  unusualMs,
  type RunHabit,
} from './run-habit.ts';

/** Of one kind of scene. Part of snapshots. */
export interface SceneHabit {
  /** Equal and all neighbours of finished runs. */
  equal: number;
  compared: number;
  longest: RunHabit;
}

/** Part of snapshots. */
export interface StillState {
  picture: string | null;
  since: number;
  lastEnd: number;
  coveredMs: number;
  repeats: number;
  /** Some of the run lies in the dark, or shows the line at rest. */
  isQuiet: boolean;
  /** When the camera's first picture came. */
  firstAt: number | null;
  busy: SceneHabit;
  quiet: SceneHabit;
}

/** One picture and the span that it stands for. */
export interface PictureSpan {
  readonly start: number;
  readonly end: number;
  readonly everyMs: number;
  readonly picture: string;
  readonly isQuiet: boolean;
}

/** Neighbours after which what is long ago counts less. */
const FADE_NEIGHBOURS = 50_000;

function initialSceneHabit(): SceneHabit {
  return { equal: 0, compared: 0, longest: initialRunHabit() };
}

export function initialStillState(): StillState {
  return {
    picture: null,
    since: 0,
    lastEnd: 0,
    coveredMs: 0,
    repeats: 0,
    isQuiet: false,
    firstAt: null,
    busy: initialSceneHabit(),
    quiet: initialSceneHabit(),
  };
}

export function sceneOf(state: StillState): SceneHabit {
  return state.isQuiet ? state.quiet : state.busy;
}

/** The run has ended; what was a finding does not teach, unless it comes again and again. */
export function learnStill(state: StillState, isFinding: boolean): void {
  const scene = sceneOf(state);
  learnRun(scene.longest, state.coveredMs, isFinding);
  if (!isFinding) {
    scene.equal += state.repeats;
    scene.compared += state.repeats + 1;
    if (scene.compared > FADE_NEIGHBOURS) {
      scene.equal /= 2;
      scene.compared /= 2;
      fadeHabit(scene.longest);
    }
  }
  state.picture = null;
}

/** Joins the picture to the run, which is one of this picture, or begins it. */
export function joinStill(state: StillState, span: PictureSpan): void {
  const { start, end, picture } = span;
  if (state.picture === null) {
    state.picture = picture;
    state.since = start;
    state.coveredMs = 0;
    state.repeats = -1;
    state.isQuiet = false;
    state.firstAt ??= start;
  }
  state.repeats += 1;
  state.coveredMs += end - start;
  state.lastEnd = end;
  if (span.isQuiet) state.isQuiet = true;
}

/** The camera has not been through a night yet: nobody knows how its quiet scenes are. */
function isNew({ isQuiet, firstAt, since }: StillState, historyMs: number): boolean {
  return isQuiet && since - (firstAt ?? since) < historyMs;
}

/** Time from which on the run is against the camera's habit; a whole day of one picture is against any. */
export function neededStill(state: StillState, everyMs: number, context: RuleContext): number {
  const scene = sceneOf(state);
  const historyMs = context.parameter('quietHistoryMs');
  const share = equalShare(scene.equal, scene.compared);
  return Math.max(
    context.parameter('stillMs'),
    everyMs > MINUTE_MS ? context.parameter('stillReports') * everyMs : 0,
    everyMs * equalLength(share, everyMs, context.parameter('chanceRunsPerDay')),
    unusualMs(scene.longest),
    isNew(state, historyMs) ? historyMs : 0,
  );
}

/** Local minutes of a day between which a yard may lie in the dark: the longest night there is. */
const DUSK_MINUTE = 17 * 60;
const DAWN_MINUTE = 8 * 60;

/** A scene in which nothing needs to move: the line is seen at rest, or nobody says whether and it may be dark. */
export function isQuietScene(running: number | undefined, at: number, { time }: RuleContext): boolean {
  if (running !== undefined) return running === 0;
  const minute = time.minuteOfDay(at);
  return minute < DAWN_MINUTE || minute >= DUSK_MINUTE;
}
