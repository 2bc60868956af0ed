/**
 * Everything that is remembered of a site's event time: the part of its state that a rewind puts back.
 * Plain JSON, keyed by ids of the registry so that it outlives registry changes.
 */
import { initialOutletState, type OutletState } from '../means/outlet-state.ts';
import type { FrozenState } from '../rules/falsification.frozen.ts';
import type { ParameterState } from '../rules/falsification.parameter.ts';
import type { PinnedState } from '../rules/falsification.pinned.ts';
import type { LimitState } from '../rules/limit-episode.ts';
import type { ForecastState } from '../rules/limit.forecast.ts';
import type { NearState } from '../rules/limit.near.ts';
import { initialOrderLineState, type OrderLineState } from '../rules/order-line.ts';
import type { InvalidDayState } from '../rules/quality.invalid-hours.ts';
import type { ValidRateState } from '../rules/quality.valid-rate.ts';
import type { SamplingState } from '../rules/quality.sampling.ts';
import type { VideoState } from '../rules/quality.video.ts';
import type { TreatmentState } from '../rules/treatment.off.ts';
import type { Segment, Track } from './covered-time.ts';
import type { OutletEmission } from './emission-state.ts';
import { initialLineWatch, type LineWatch } from './line-watch.ts';
import type { DeviceMark } from './mark-book.ts';
import type { MeterMemory } from './meter-power.ts';
import type { MeterRuleState } from './meter-rule-state.ts';
import type { OwnMeanWatch } from './own-mean-watch.ts';
import { initialSlotWatch, type SlotWatch } from './slot-watch.ts';
import { STREAM_START, type Place } from './stream-order.ts';
import { initialTimeline, type TimelineState } from './timeline.ts';
import type { HeardHours, UsualState } from './usual-work.ts';

export interface LineState {
  timeline: TimelineState;
  /** By treatment meter. */
  treatment: Record<string, TreatmentState>;
  /** By order. */
  orders: Record<string, OrderLineState>;
  watch: LineWatch;
}

export interface OutletStream {
  /** Production meters of the lines that feed it. */
  timeline: TimelineState;
  /** Spans in which all of them were known to be off. */
  standstill: [number, number][];
  /** Covered spans of its instruments that wait for the meters to catch up. */
  waiting: { device: string; segment: Segment }[];
  frozen: Record<string, Record<string, FrozenState>>;
  pinned: Record<string, Record<string, PinnedState>>;
  sampling: Record<string, Record<string, SamplingState>>;
  means: OutletState;
  /** By limit. */
  limits: Record<string, LimitState>;
  invalidDay: InvalidDayState | null;
  /** By limit. */
  near: Record<string, NearState>;
  /** By limit. */
  forecasts: Record<string, ForecastState>;
  /** Ten-minute periods, for sudden rises. */
  slot: SlotWatch;
  /** By device: the means that it makes itself. */
  ownMeans: Record<string, OwnMeanWatch>;
  /** By signal. */
  validRates: Record<string, ValidRateState>;
  /** Masses and totals of the signals under a cap. */
  emission: OutletEmission;
}

/**
 * State of the rules that look at one device alone; a slot is there once its rule has something to remember.
 */
export interface DeviceRuleState {
  /** Flow of a stack, or traffic of a gate, in hours of work. */
  usual?: UsualState;
  /** How much of the last hours it said production. */
  heard?: HeardHours;
  video?: VideoState;
  meter?: MeterRuleState;
  settings?: ParameterState;
}

export interface EventState {
  /** The last report or boundary that was read. */
  place: Place;
  /** The last boundary at which means were closed. */
  boundary: number | null;
  /** The one after it, where it was worked out. */
  nextBoundary: number | null;
  tracks: Record<string, Track>;
  meters: Record<string, MeterMemory>;
  marks: DeviceMark[];
  outlets: Record<string, OutletStream>;
  lines: Record<string, LineState>;
  devices: Record<string, DeviceRuleState>;
}

export function initialEventState(): EventState {
  return {
    place: STREAM_START,
    boundary: null,
    nextBoundary: null,
    tracks: {},
    meters: {},
    marks: [],
    outlets: {},
    lines: {},
    devices: {},
  };
}

function initialOutletStream(meters: number): OutletStream {
  return {
    timeline: initialTimeline(meters),
    standstill: [],
    waiting: [],
    frozen: {},
    pinned: {},
    sampling: {},
    means: initialOutletState(),
    limits: {},
    invalidDay: null,
    near: {},
    forecasts: {},
    slot: initialSlotWatch(),
    ownMeans: {},
    validRates: {},
    emission: {},
  };
}

function initialLineState(meters: number): LineState {
  return { timeline: initialTimeline(meters), treatment: {}, orders: {}, watch: initialLineWatch() };
}

export function outletStream(state: EventState, outlet: string, meters: number): OutletStream {
  return (state.outlets[outlet] ??= initialOutletStream(meters));
}

export function lineState(state: EventState, line: string, meters: number): LineState {
  return (state.lines[line] ??= initialLineState(meters));
}

export function ruleStateOf(state: EventState, device: string): DeviceRuleState {
  return (state.devices[device] ??= {});
}

/** A state that an earlier version saved has no slots for what came later: they begin empty. */
export function completeEventState(saved: EventState): EventState {
  const state: EventState = { ...initialEventState(), ...saved };
  for (const [id, outlet] of Object.entries(state.outlets)) {
    const begun = initialOutletStream(outlet.timeline.pending.length);
    state.outlets[id] = { ...begun, ...outlet, means: { ...begun.means, ...outlet.means } };
  }
  for (const [id, line] of Object.entries(state.lines)) {
    state.lines[id] = { ...initialLineState(line.timeline.pending.length), ...line };
    for (const [name, order] of Object.entries(line.orders))
      line.orders[name] = { ...initialOrderLineState(), ...order };
  }
  return state;
}
