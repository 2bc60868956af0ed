/**
 * A camera that cannot bear witness: off, covered, or showing an old picture.
 *
 * Innocent look-alikes: fog and rain before the lens; a yard at night, or a line at rest, whose picture repeats itself;
 * a lamp that blinks in step with the camera. So: covered time only, and the picture's own habit decides, apart for
 * busy and quiet scenes. Off line altogether, without any report, is `quality.offline`.
 */
import type { Severity } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { endLoop, initialLoopState, isLoop, joinLoop, type LoopState } from './picture-loop.ts';
import {
  initialStillState,
  isQuietScene,
  joinStill,
  learnStill,
  neededStill,
  sceneOf,
  type PictureSpan,
  type StillState,
} from './picture-still.ts';
import type { Evidence, Parameter, RuleContext, RuleFacts } from './rule.ts';
import { equalShare } from './run-habit.ts';
import { explainVideo } from './video-words.ts';

function duration(name: string, value: number, help: string, source: string): Parameter {
  return { name, unit: 'ms', default: value, minimum: MINUTE_MS, maximum: 30 * DAY_MS, help, source };
}

export const video: RuleFacts = {
  id: 'quality.video',
  version: 1,
  category: 'quality',
  title: { zh: '视频监控异常', en: 'Camera cannot bear witness' },
  summary: {
    zh: '摄像机离线、被遮挡，或画面长时间不变、循环播放。',
    en: 'A camera says that it is off or covered, or its picture stands still or comes again and again.',
  },
  severities: ['low', 'medium'],
  basis: [
    {
      document: 'engineering judgement',
      clause:
        'a picture that cannot change is no witness: fingerprints are judged as any other value that stands still or is replayed',
    },
  ],
  parameters: [
    duration(
      'offMs',
      15 * MINUTE_MS,
      'shortest time off',
      'engineering judgement: a restart or a change of network takes minutes',
    ),
    duration(
      'occludedMs',
      15 * MINUTE_MS,
      'shortest time covered',
      'engineering judgement: a lorry, a cleaning or a shower passes sooner',
    ),
    duration('stillMs', 30 * MINUTE_MS, 'shortest time with one picture, or with one loop', 'as falsification.frozen'),
    {
      name: 'stillReports',
      unit: '1',
      default: 4,
      minimum: 2,
      maximum: 96,
      help: 'shortest run in reports of a camera that reports more slowly than minutes',
      source: 'as falsification.frozen',
    },
    {
      name: 'chanceRunsPerDay',
      unit: '1/d',
      default: 0.001,
      minimum: 1e-9,
      maximum: 1,
      help: 'how often chance alone may make such a run of one picture',
      source: 'as falsification.frozen',
    },
    duration(
      'quietHistoryMs',
      DAY_MS,
      'age of a camera from which on a quiet scene is judged',
      'engineering judgement: it has seen one night by then',
    ),
    duration(
      'mediumMs',
      4 * HOUR_MS,
      'from here on a camera that is off or covered is medium',
      'engineering judgement: half a shift',
    ),
  ],
  limits: [
    {
      zh: '雾、雨、雪或夜间也可能被识别为遮挡，应先看天气。',
      en: 'Fog, rain, snow or the night may be taken for a cover: look at the weather first.',
    },
    {
      zh: '夜间（当地 17 时至 8 时）和停产画面在最初 24 小时内，须整日不变才判定。',
      en: 'By night (17 to 8 local time) and with the line at rest it takes a whole day of one picture in the first 24 hours of a camera.',
    },
    {
      zh: '循环长于 60 帧、或与上报周期不成整数倍的循环录像不会被发现；与上报同步闪烁的灯光可能被误判。',
      en: 'A loop of more than 60 pictures, or one that is no whole number of reports, is not found; lamps that change in step with the reports may look like one.',
    },
    {
      zh: '画面指纹较粗时，静止的真实画面也会长时间相同；以该摄像机自身习惯为准。',
      en: 'A coarse fingerprint repeats itself in a live scene too: the habit of the camera decides.',
    },
  ],
  explain: explainVideo,
};

type Problem = 'off' | 'occluded' | 'still' | 'loop';

interface Open {
  readonly detectedAt: number;
  readonly neededMs: number;
  readonly told: Told;
}

/** Covered time in which the camera says so itself. Part of snapshots. */
interface StateRun {
  /** null: it does not. */
  since: number | null;
  lastEnd: number;
  coveredMs: number;
}

/** Part of snapshots. */
export interface VideoState {
  off: StateRun;
  occluded: StateRun;
  still: StillState;
  loop: LoopState;
  open: Record<Problem, Open | null>;
}

export function initialVideoState(): VideoState {
  return {
    off: { since: null, lastEnd: 0, coveredMs: 0 },
    occluded: { since: null, lastEnd: 0, coveredMs: 0 },
    still: initialStillState(),
    loop: initialLoopState(),
    open: { off: null, occluded: null, still: null, loop: null },
  };
}

/** A covered span of a camera; what is undefined was not reported, flagged or marked. */
export interface VideoSpan {
  readonly start: number;
  readonly end: number;
  readonly everyMs: number;
  /** Event time of the input that made it known. */
  readonly at: number;
  readonly online: number | undefined;
  readonly occluded: number | undefined;
  readonly running: number | undefined;
  readonly picture: string | undefined;
}

export interface VideoWatch {
  readonly device: string;
  readonly context: RuleContext;
}

const SIGNALS: Readonly<Record<Problem, string>> = {
  off: 'online',
  occluded: 'occluded',
  still: 'picture-hash',
  loop: 'picture-hash',
};
const CONFIDENCE: Readonly<Record<Problem, number>> = { off: 0.95, occluded: 0.8, still: 0.85, loop: 0.95 };

function severityOf(problem: Problem, coveredMs: number, context: RuleContext): Severity {
  const isSaid = problem === 'off' || problem === 'occluded';
  return isSaid && coveredMs < context.parameter('mediumMs') ? 'low' : 'medium';
}

function evidenceOf(state: VideoState, problem: Problem): Evidence {
  if (problem === 'loop') return { pictures: state.loop.period, showings: 1 + state.loop.matches / state.loop.period };
  if (problem !== 'still') return {};
  const { equal, compared } = sceneOf(state.still);
  return {
    picture: state.still.picture,
    scene: state.still.isQuiet ? 'quiet' : 'busy',
    equalShare: equalShare(equal, compared),
    comparedNeighbours: Math.round(compared),
  };
}

function emitVideo(state: VideoState, problem: Problem, { device, context }: VideoWatch, as: 'open' | 'closed'): void {
  const open = state.open[problem];
  const { since, coveredMs } = state[problem];
  if (open === null || since === null) return;
  const lastEnd = problem === 'loop' ? state.loop.goneTo : state[problem].lastEnd;
  context.emit({
    rule: video,
    subject: { device, signal: SIGNALS[problem] },
    startAt: since,
    endAt: as === 'closed' ? lastEnd : null,
    state: as,
    detectedAt: open.detectedAt,
    severity: severityOf(problem, coveredMs, context),
    confidence: CONFIDENCE[problem],
    discriminator: problem,
    evidence: {
      signal: SIGNALS[problem],
      problem,
      since: context.time.format(since),
      minutes: coveredMs / MINUTE_MS,
      neededMinutes: open.neededMs / MINUTE_MS,
      ...evidenceOf(state, problem),
    },
  });
}

/** It stands for long enough: told when it first does, and as it grows. */
function tell(state: VideoState, problem: Problem, neededMs: number, at: { watch: VideoWatch; now: number }): void {
  const { coveredMs } = state[problem];
  const open = state.open[problem];
  const severity = severityOf(problem, coveredMs, at.watch.context);
  if (open === null) state.open[problem] = { detectedAt: at.now, neededMs, told: { ms: coveredMs, severity } };
  else if (!isWorthTelling(open.told, coveredMs, severity)) return;
  emitVideo(state, problem, at.watch, 'open');
}

function close(state: VideoState, problem: Problem, watch: VideoWatch): void {
  if (state.open[problem] === null) return;
  emitVideo(state, problem, watch, 'closed');
  state.open[problem] = null;
}

function stepSaid(state: VideoState, problem: 'off' | 'occluded', span: VideoSpan, watch: VideoWatch): void {
  const run = state[problem];
  run.since ??= span.start;
  run.coveredMs += span.end - span.start;
  run.lastEnd = span.end;
  const neededMs = watch.context.parameter(problem === 'off' ? 'offMs' : 'occludedMs');
  if (run.coveredMs >= neededMs) tell(state, problem, neededMs, { watch, now: span.at });
}

function endSaid(state: VideoState, problem: 'off' | 'occluded', watch: VideoWatch): void {
  const run = state[problem];
  if (run.since === null) return;
  close(state, problem, watch);
  run.since = null;
  run.coveredMs = 0;
}

function stepStill(state: VideoState, span: PictureSpan, watch: VideoWatch, now: number): void {
  const { still } = state;
  if (still.picture !== null && still.picture !== span.picture) {
    const isFinding = state.open.still !== null;
    close(state, 'still', watch);
    learnStill(still, isFinding);
  }
  joinStill(still, span);
  if (still.coveredMs < watch.context.parameter('stillMs')) return;
  const neededMs = state.open.still?.neededMs ?? neededStill(still, span.everyMs, watch.context);
  if (still.coveredMs >= neededMs) tell(state, 'still', neededMs, { watch, now });
}

function stepLoop(state: VideoState, span: PictureSpan, watch: VideoWatch, now: number): void {
  const { loop } = state;
  const isFound = state.open.loop !== null;
  const answer = joinLoop(loop, span, isFound);
  if (answer === 'unknown') return;
  if (answer === 'ends') {
    if (!isFound) return;
    close(state, 'loop', watch);
    endLoop(loop);
    return;
  }
  const neededMs = watch.context.parameter('stillMs');
  if (isFound || isLoop(loop, neededMs)) tell(state, 'loop', neededMs, { watch, now });
}

/**
 * Spans come in order, each once; one that is not given is unknown and neither extends nor ends anything. What a
 * camera that is off or covered shows is unknown.
 */
export function stepVideo(state: VideoState, span: VideoSpan, watch: VideoWatch): void {
  const { online, occluded, picture, start, end, everyMs } = span;
  if (online === 0) {
    stepSaid(state, 'off', span, watch);
    return;
  }
  if (online !== undefined) endSaid(state, 'off', watch);
  if (occluded === 1) {
    stepSaid(state, 'occluded', span, watch);
    return;
  }
  if (occluded !== undefined) endSaid(state, 'occluded', watch);
  if (picture === undefined) return;
  const seen: PictureSpan = { start, end, everyMs, picture, isQuiet: isQuietScene(span.running, start, watch.context) };
  stepStill(state, seen, watch, span.at);
  stepLoop(state, seen, watch, span.at);
}
