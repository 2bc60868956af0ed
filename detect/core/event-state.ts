/**
 * Everything that is remembered of a site's event time: the part of its state that a rewind puts back.
 * Plain JSON, keyed by ids of the registry so that it outlives registry changes.
 */
import { initialOutletState, type OutletState } from '../means/outlet-state.ts';
import type { FrozenState } from '../rules/falsification.frozen.ts';
import type { PinnedState } from '../rules/falsification.pinned.ts';
import type { LimitState } from '../rules/limit-episode.ts';
import type { OrderLineState } from '../rules/order-line.ts';
import type { InvalidDayState } from '../rules/quality.invalid-hours.ts';
import type { SamplingState } from '../rules/quality.sampling.ts';
import type { VideoState } from '../rules/quality.video.ts';
import type { TreatmentState } from '../rules/treatment.off.ts';
import type { Segment, Track } from './covered-time.ts';
import type { OutletEmission } from './emission-state.ts';
import type { DeviceMark } from './mark-book.ts';
import type { MeterMemory } from './meter-power.ts';
import { STREAM_START, type Place } from './stream-order.ts';
import { initialTimeline, type TimelineState } from './timeline.ts';

export interface LineState {
  timeline: TimelineState;
  /** Spans in which a camera or the stack said something about production. */
  signs: [number, number][];
  /** By treatment meter. */
  treatment: Record<string, TreatmentState>;
  /** By order. */
  orders: Record<string, OrderLineState>;
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
  /** Masses and totals of the signals under a cap. */
  emission: OutletEmission;
}

/**
 * State of the rules that look at one device alone; a slot is there once its rule has something to remember.
 */
export interface DeviceRuleState {
  video?: VideoState;
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
    emission: {},
  };
}

function initialLineState(meters: number): LineState {
  return { timeline: initialTimeline(meters), signs: [], treatment: {}, orders: {} };
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
  for (const [id, line] of Object.entries(state.lines))
    state.lines[id] = { ...initialLineState(line.timeline.pending.length), ...line };
  return state;
}
