/**
 * A channel stands at an end of its range while the plant operates: at full scale, or at the lowest step it can show.
 *
 * Innocent look-alikes: the plant stands still or is started; a calibration (flagged C, or marked); clean gas that
 * lives at the detection floor, as the SO2 of a gas boiler; drift below zero that is cut at zero; an analyser with a
 * second, higher range; an upset that is over the range for minutes. So: only while operating and unmarked, and at the
 * bottom only where that is against the channel's own habit.
 */
import type { Severity } from '../../contracts/finding.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import type { ChannelSpan } from '../core/channel-span.ts';
import {
  countAway,
  floorShare,
  initialFloorHabit,
  learnFloorRun,
  neededAtFloor,
  type FloorHabit,
} from './floor-habit.ts';
import { explainPinned } from './pinned-words.ts';
import { isAtTop, isBeyondTop, lowestStep, standsAtBottom, TOP_SHARE, type EndChannel } from './range-end.ts';
import type { RuleContext, RuleFacts } from './rule.ts';

export const pinned: RuleFacts = {
  id: 'falsification.pinned',
  version: 1,
  category: 'falsification',
  title: { zh: '数据顶满或触底', en: 'Value stuck at an end of the range' },
  summary: {
    zh: '生产期间测量值长时间停在量程上端或最低刻度。',
    en: 'While the plant works a value stays at full scale, or at the lowest step that the channel can show.',
  },
  severities: ['medium', 'high'],
  basis: [
    {
      document: 'field inspection checklist for automatic monitoring (jinhhb.com 2850)',
      clause: 'values at the detection limit for long are suspicious',
    },
    {
      document: 'HJ 75-2017',
      clause: 'the range is a declared parameter of the instrument and has to cover what may be emitted',
    },
  ],
  parameters: [
    {
      name: 'minimumMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'shortest run of a channel that reports minutes',
      source: 'project contract, section 5',
    },
    {
      name: 'minimumReports',
      unit: '1',
      default: 3,
      minimum: 1,
      maximum: 96,
      help: 'shortest run in reports of a channel that reports more slowly: three hours of hours',
      source: 'project contract, section 5',
    },
    {
      name: 'topShare',
      unit: '1',
      default: TOP_SHARE,
      minimum: 0.9,
      maximum: 1,
      help: 'share of full scale from which a value stands at the top',
      source: 'project contract, section 5',
    },
    {
      name: 'historyMs',
      unit: 'ms',
      default: HOUR_MS,
      minimum: 0,
      maximum: 30 * DAY_MS,
      help: 'operating time off the bottom before the bottom is judged',
      source: 'engineering judgement: a clean channel comes back to its floor well within an hour',
    },
    {
      name: 'historyReports',
      unit: '1',
      default: 12,
      minimum: 0,
      maximum: 10_000,
      help: 'the same in reports, of a channel that reports more slowly than minutes',
      source: 'engineering judgement: half a day of hours has seen the load change',
    },
    {
      name: 'habitShare',
      unit: '1',
      default: 0.2,
      minimum: 0.01,
      maximum: 1,
      help: 'a channel that is at its bottom for this share of operating time is never judged there',
      source:
        'engineering judgement: the floor is then a usual state, and a copy of it cannot be told from the true one',
    },
    {
      name: 'chanceRunsPerDay',
      unit: '1/d',
      default: 0.001,
      minimum: 1e-9,
      maximum: 1,
      help: 'how often the channel, as it is known, may make such a run at the bottom by itself',
      source: 'as falsification.frozen',
    },
    {
      name: 'highMs',
      unit: 'ms',
      default: 3 * HOUR_MS,
      minimum: MINUTE_MS,
      maximum: 30 * DAY_MS,
      help: 'from here on it is high',
      source: 'engineering judgement: three hourly means are made of it by then',
    },
  ],
  limits: [
    {
      zh: '自接入起就停在最低刻度的通道不会被发现：无从得知其正常水平。',
      en: 'A channel that stood at its bottom from the first value on is not found: nobody knows how it is otherwise.',
    },
    {
      zh: '清洁气体首次长时间落到零点，或零点负漂被截为零，会被误判；第三次之后视为该通道的习惯。',
      en: 'Clean gas that falls to zero for long for the first time, or drift below zero cut at zero, looks the same; after the third time it counts as the habit of the channel.',
    },
    {
      zh: '真实的超量程也会触发：浓度未知，应核对量程。',
      en: 'True gas over the range is found as well: how much it was is not known, and the range is too short.',
    },
    {
      zh: '登记量程有误时，上端判断随之有误；超出登记量程 10 % 以上的值表明仪器有更高的量程，不作上端判断。',
      en: 'With a wrong range in the registry the top is wrong; values more than 10 % above it show that the instrument has a higher one, and the top is not judged.',
    },
  ],
  explain: explainPinned,
};

/** Part of snapshots. Time is covered, operating, unflagged, unmarked time only. */
export interface PinnedState {
  side: 'top' | 'bottom' | null;
  since: number;
  lastEnd: number;
  coveredMs: number;
  /** Values in the running run. */
  values: number;
  /** The last of them; null: over range without a number. */
  value: number | null;
  floor: FloorHabit;
  /** Values far above full scale: there is a higher range. */
  beyond: number;
  open: { readonly detectedAt: number; readonly neededMs: number; readonly told: Told } | null;
}

export function initialPinnedState(): PinnedState {
  return {
    side: null,
    since: 0,
    lastEnd: 0,
    coveredMs: 0,
    values: 0,
    value: null,
    floor: initialFloorHabit(),
    beyond: 0,
    open: null,
  };
}

export interface PinnedChannel extends EndChannel {
  /** Those on this signal. */
  readonly limits: readonly Limit[];
}

export interface PinnedWatch {
  readonly channel: PinnedChannel;
  readonly context: RuleContext;
}

/** So many values far above full scale are no spikes. */
const PROVEN_BEYOND = 10;
/** A full scale below so many times the limit cannot show how far the limit is exceeded. */
const SHORT_RANGE = 1.5;

function sideOf(state: PinnedState, value: number, { channel, context }: PinnedWatch): PinnedState['side'] {
  if (standsAtBottom(channel, value)) return 'bottom';
  if (value === Number.POSITIVE_INFINITY) return 'top';
  if (!isAtTop(channel, value, context.parameter('topShare'))) return null;
  if (isBeyondTop(channel, value)) {
    state.beyond += 1;
    return null;
  }
  return state.beyond < PROVEN_BEYOND ? 'top' : null;
}

function shortestMs(everyMs: number, context: RuleContext): number {
  return Math.max(
    context.parameter('minimumMs'),
    everyMs > MINUTE_MS ? context.parameter('minimumReports') * everyMs : 0,
  );
}

/** Full scale and limit where the range cannot show an exceedance. */
function shortRange({ range, limits }: PinnedChannel, at: number): number | undefined {
  if (range === undefined) return undefined;
  for (const { max, fromAt, toAt } of limits) {
    if (max !== undefined && fromAt <= at && at < toAt && range[1] < SHORT_RANGE * max) return max;
  }
  return undefined;
}

function severityOf(state: PinnedState, { channel, context }: PinnedWatch): Severity {
  if (state.coveredMs >= context.parameter('highMs')) return 'high';
  return state.side === 'top' && shortRange(channel, state.since) !== undefined ? 'high' : 'medium';
}

function emitPinned(state: PinnedState, { channel, context }: PinnedWatch, as: 'open' | 'closed'): void {
  const { open, side } = state;
  if (open === null || side === null) return;
  context.emit({
    rule: pinned,
    subject: channel.subject,
    startAt: state.since,
    endAt: as === 'closed' ? state.lastEnd : null,
    state: as,
    detectedAt: open.detectedAt,
    severity: severityOf(state, { channel, context }),
    confidence: side === 'top' ? 0.9 : 0.85,
    discriminator: side,
    evidence: {
      signal: channel.signal,
      side,
      value: state.value,
      since: context.time.format(state.since),
      minutes: state.coveredMs / MINUTE_MS,
      neededMinutes: open.neededMs / MINUTE_MS,
      range: channel.range ?? null,
      ...(side === 'top'
        ? { topShare: context.parameter('topShare'), shortForLimit: shortRange(channel, state.since) ?? null }
        : {
            bottom: channel.lowest ?? null,
            resolution: lowestStep(channel),
            bottomShare: floorShare(state.floor),
            bottomRuns: Math.round(state.floor.runs),
            hoursAway: state.floor.awayMs / HOUR_MS,
          }),
      operating: true,
    },
  });
}

function endRun(state: PinnedState, watch: PinnedWatch): void {
  if (state.side === 'bottom') learnFloorRun(state.floor, state.coveredMs, state.values, state.open !== null);
  if (state.open !== null) emitPinned(state, watch, 'closed');
  state.open = null;
  state.side = null;
  state.coveredMs = 0;
  state.values = 0;
}

/**
 * Spans come in order, each once; one that is not given is unknown and neither extends nor ends a run.
 * @param value as {@link rangeValue} has it; undefined also where the time is marked, or holds no gas
 */
export function stepPinned(state: PinnedState, span: ChannelSpan, value: number | undefined, watch: PinnedWatch): void {
  if (!span.operating) {
    if (state.side !== null) endRun(state, watch);
    return;
  }
  if (value === undefined) return;
  const side = sideOf(state, value, watch);
  if (state.side !== null && side !== state.side) endRun(state, watch);
  if (side !== 'bottom') countAway(state.floor, span.end - span.start);
  if (side === null) return;
  if (state.side === null) {
    state.side = side;
    state.since = span.start;
  }
  state.values += 1;
  state.coveredMs += span.end - span.start;
  state.lastEnd = span.end;
  state.value = Number.isFinite(value) ? value : null;
  judgeRun(state, span, watch);
}

function judgeRun(state: PinnedState, span: ChannelSpan, watch: PinnedWatch): void {
  const { context } = watch;
  if (state.open === null) {
    if (state.coveredMs < context.parameter('minimumMs')) return;
    const leastMs = shortestMs(span.everyMs, context);
    const neededMs = state.side === 'top' ? leastMs : neededAtFloor(state.floor, span.everyMs, leastMs, context);
    if (neededMs === undefined || state.coveredMs < neededMs) return;
    const told = { ms: state.coveredMs, severity: severityOf(state, watch) };
    state.open = { detectedAt: span.at, neededMs, told };
  } else if (!isWorthTelling(state.open.told, state.coveredMs, severityOf(state, watch))) return;
  emitPinned(state, watch, 'open');
}
