/**
 * The instrument has reported the same value for longer than a working one can while the plant operates.
 *
 * Innocent look-alikes: the plant stands still, the value lies at the detection floor, the channel is coarse and
 * repeats itself often, an analyser holds its value during a calibration (flagged C). So: only while operating, not at
 * an end of the range, unflagged values only, and as long as the channel's own share of equal neighbours demands, or its
 * rests where its steps are coarse.
 */
import type { Severity } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { formatMinutes, formatNumber, formatWhen, signalZh, text, unitOf } from '../findings/words.ts';
import type { ChannelFacts, ChannelSpan, ChannelWatch } from '../core/channel-span.ts';
import {
  fadeCoarse,
  initialCoarseHabit,
  learnSettledRun,
  neededWhenCoarse,
  SETTLED_AFTER,
  type CoarseHabit,
} from './coarse-habit.ts';
import { isAtBottom, isAtTop, isBeyondTop, TOP_SHARE } from './range-end.ts';
import type { RuleContext, RuleFacts } from './rule.ts';
import { equalLength, equalShare } from './run-habit.ts';

export const frozen: RuleFacts = {
  id: 'falsification.frozen',
  version: 1,
  category: 'falsification',
  title: { zh: '数据恒值', en: 'Value frozen' },
  summary: {
    zh: '生产期间测量值长时间恒定不变，超出该通道自身规律。',
    en: 'While the plant works a value stays the same for longer than this channel ever would by itself.',
  },
  severities: ['medium', 'high'],
  basis: [
    {
      document: 'field inspection checklist for automatic monitoring (jinhhb.com 2850)',
      clause: 'values unchanged or within a small band for long are suspicious',
    },
    {
      document: 'engineering judgement',
      clause: 'length from the share of equal neighbours: fewer than 0.001 chance runs a day',
    },
  ],
  parameters: [
    {
      name: 'minimumMs',
      unit: 'ms',
      default: 30 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'shortest run of a channel that reports minutes',
      source: 'project contract, section 5',
    },
    {
      name: 'minimumReports',
      unit: '1',
      default: 4,
      minimum: 2,
      maximum: 96,
      help: 'shortest run in reports of a channel that reports more slowly: four hours of hours',
      source: 'project contract, section 5',
    },
    {
      name: 'chanceRunsPerDay',
      unit: '1/d',
      default: 0.001,
      minimum: 1e-9,
      maximum: 1,
      help: 'how often chance alone may make such a run',
      source: 'project contract, section 5',
    },
  ],
  limits: [
    {
      zh: '叠加微小噪声的伪造数据不会被本规则发现。',
      en: 'A forged value with a little noise on it is not seen by this rule.',
    },
    {
      zh: '通道分辨率很粗或贴近检出限时，需要更长时间才能判定。',
      en: 'A coarse channel, or one near its detection floor, needs a longer run.',
    },
    {
      zh: '数采仪在通讯故障时保持旧值也会触发，需现场核实。',
      en: 'A logger that repeats the last value during a link fault looks the same: check before accusing.',
    },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    const needed = formatMinutes(evidence['neededMinutes']);
    const value = `${formatNumber(evidence['value'])}${unitOf(evidence['signal'])}`;
    const share = formatNumber(Number(evidence['equalShare']) * 100);
    const beyond =
      evidence['coarse'] === true
        ? {
            zh: `该通道分辨率粗，常停留在同一数值上，超过 ${needed.zh} 即不符合其自身规律。`,
            en: `The channel moves in coarse steps and rests on them; more than ${needed.en} is against its own habit.`,
          }
        : {
            zh: `该通道相邻值相同的比例为 ${share} %，超过 ${needed.zh} 即不可能出于偶然。`,
            en: `Neighbouring values of this channel are equal in ${share} % of cases, so more than ${needed.en} is beyond chance.`,
          };
    return {
      zh: `${signalZh(evidence['signal'])}自 ${formatWhen(evidence['since'])} 起恒为 ${value}，已持续 ${span.zh}，其间生产在运行。${beyond.zh}`,
      en: `${text(evidence['signal'])} has been ${value} without change since ${formatWhen(evidence['since'])}, for ${span.en}, while production was running. ${beyond.en}`,
    };
  },
};

/** Part of snapshots. `covered` counts covered, operating, unflagged time only. */
export interface FrozenState {
  value: number | null;
  since: number;
  lastEnd: number;
  coveredMs: number;
  /** Equal neighbours in the running run. */
  repeats: number;
  /** Equal and all neighbours of the past, finished runs only. */
  equal: number;
  compared: number;
  /** What runs that settled teach; absent: none did. */
  coarse?: CoarseHabit;
  /** Smallest step between neighbours seen: the channel's own resolution where the registry has none. */
  step: number | null;
  open: { readonly since: number; readonly detectedAt: number; readonly told: Told } | null;
}

export function initialFrozenState(): FrozenState {
  return { value: null, since: 0, lastEnd: 0, coveredMs: 0, repeats: 0, equal: 0, compared: 0, step: null, open: null };
}

/** Instants at most this many cadences apart cover the time between them (contract 5). */
const LONGEST_GAP = 1.5;

/** What a channel of coarse steps needs; 0 = it has none. */
function coarseMs({ coarse, equal, compared }: FrozenState, everyMs: number, context: RuleContext): number {
  if (coarse === undefined) return 0;
  return neededWhenCoarse(coarse, { equal, compared }, everyMs, context.parameter('chanceRunsPerDay'));
}

/** Length from which chance makes such a run more rarely than allowed; at least the floor. */
function neededMs(state: FrozenState, everyMs: number, context: RuleContext): number {
  const share = equalShare(state.equal, state.compared);
  const repeats = equalLength(share, everyMs, context.parameter('chanceRunsPerDay'));
  const floor = Math.max(
    context.parameter('minimumMs'),
    context.parameter('minimumReports') * (everyMs > MINUTE_MS ? everyMs : 0),
  );
  return Math.max(floor, repeats * everyMs, coarseMs(state, everyMs, context));
}

/** The channel's resolution: the registry's, else the smallest step seen. */
function stepOf(state: FrozenState, channel: ChannelFacts): number {
  return channel.resolution ?? state.step ?? 0;
}

/**
 * Within half the registry's resolution. A learned one is only the smallest step so far: a smaller difference proves a
 * finer channel, so nothing but the same number is the same.
 */
function isSame(before: number, value: number, { resolution }: ChannelFacts): boolean {
  return resolution === undefined ? value === before : Math.abs(value - before) <= resolution / 2;
}

/** An end of the range is `falsification.pinned`'s matter: reported so because there is nothing more to see. */
function isAtEnd(state: FrozenState, channel: ChannelFacts, value: number): boolean {
  if (isAtBottom(channel, value, stepOf(state, channel))) return true;
  return isAtTop(channel, value, TOP_SHARE) && !isBeyondTop(channel, value);
}

/** One mean of an hour in front of a minute is no hour of equal minutes: the run has as many reports as its time asks. */
function isToldOften(state: FrozenState, everyMs: number, needed: number): boolean {
  return (state.repeats + 1) * LONGEST_GAP * everyMs >= needed;
}

function severityOf(coveredMs: number, needed: number): Severity {
  return coveredMs >= 4 * needed || coveredMs >= 6 * HOUR_MS ? 'high' : 'medium';
}

/** What is long ago counts less. */
function halve(state: FrozenState): void {
  state.equal /= 2;
  state.compared /= 2;
  if (state.coarse !== undefined) fadeCoarse(state.coarse);
}

function endRun(state: FrozenState, everyMs: number, watch: ChannelWatch): void {
  const { repeats, coveredMs, open } = state;
  if (open !== null) {
    emitFrozen(state, everyMs, watch, 'closed');
    state.open = null;
  } else {
    // Only finished, unsuspicious runs teach what is normal.
    state.equal += repeats;
    state.compared += repeats + 1;
    if (state.compared > 50_000) halve(state);
  }
  if (repeats >= SETTLED_AFTER)
    learnSettledRun((state.coarse ??= initialCoarseHabit()), repeats, coveredMs, open !== null);
  state.value = null;
  state.coveredMs = 0;
  state.repeats = 0;
}

function emitFrozen(
  state: FrozenState,
  everyMs: number,
  { channel, context }: ChannelWatch,
  as: 'open' | 'closed',
): void {
  const { open } = state;
  if (open === null) return;
  const needed = neededMs(state, everyMs, context);
  context.emit({
    rule: frozen,
    subject: channel.subject,
    startAt: open.since,
    endAt: as === 'closed' ? state.lastEnd : null,
    state: as,
    detectedAt: open.detectedAt,
    severity: severityOf(state.coveredMs, needed),
    confidence: 0.97,
    evidence: {
      signal: channel.signal,
      value: state.value,
      since: context.time.format(open.since),
      minutes: state.coveredMs / MINUTE_MS,
      neededMinutes: needed / MINUTE_MS,
      equalShare: equalShare(state.equal, state.compared),
      ...(coarseMs(state, everyMs, context) >= needed ? { coarse: true } : {}),
      comparedNeighbours: Math.round(state.compared),
      resolution: channel.resolution ?? state.step,
      operating: true,
    },
  });
}

/** Joins the span to the run of equal values, or begins another. */
function joinRun(state: FrozenState, span: ChannelSpan, value: number, watch: ChannelWatch): void {
  const before = state.value;
  const length = span.end - span.start;
  if (before !== null && isSame(before, value, watch.channel)) {
    state.repeats += 1;
    state.coveredMs += length;
  } else {
    if (before !== null) {
      const difference = Math.abs(value - before);
      if (state.step === null || difference < state.step) state.step = difference;
      endRun(state, span.everyMs, watch);
    }
    state.value = value;
    state.since = span.start;
    state.coveredMs = length;
  }
  state.lastEnd = span.end;
}

/**
 * Spans come in order, each once; one that is not given is unknown and neither extends nor ends a run.
 * @param value undefined: flagged, marked or not reported
 */
export function stepFrozen(
  state: FrozenState,
  span: ChannelSpan,
  value: number | undefined,
  watch: ChannelWatch,
): void {
  if (!span.operating) {
    if (state.value !== null) endRun(state, span.everyMs, watch);
    return;
  }
  if (value === undefined) return;
  joinRun(state, span, value, watch);
  if (state.repeats === 0 || state.coveredMs < watch.context.parameter('minimumMs')) return;
  if (isAtEnd(state, watch.channel, value)) return;
  const needed = neededMs(state, span.everyMs, watch.context);
  const severity = severityOf(state.coveredMs, needed);
  if (state.open === null) {
    if (state.coveredMs < needed || !isToldOften(state, span.everyMs, needed)) return;
    state.open = { since: state.since, detectedAt: span.at, told: { ms: state.coveredMs, severity } };
  } else if (!isWorthTelling(state.open.told, state.coveredMs, severity)) return;
  emitFrozen(state, span.everyMs, watch, 'open');
}
