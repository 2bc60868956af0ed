/**
 * Several devices beside each other: spans in which none of them changes what it says.
 *
 * A span is handed on once every device has decided it: spoken for it, or can no longer do so.
 */

import { reachMs, type Track } from './covered-time.ts';

/** What one member says in a span; `undefined` stands for unknown. */
export type Said = number | undefined;

/** A member's device: how far back of the stream's time it may still speak follows from these. */
export interface Speaker {
  readonly everyMs: number;
  readonly track: Track;
}

/** Part of snapshots: pending spans as [start, end, said] by member, and how far all is handed on. */
export interface TimelineState {
  doneTo: number | null;
  pending: [number, number, number][][];
  decidedTo: (number | null)[];
  /** The members' devices; a registry may change them. */
  ids?: readonly string[];
}

export function initialTimeline(members: number): TimelineState {
  return {
    doneTo: null,
    pending: Array.from({ length: members }, () => []),
    decidedTo: Array.from({ length: members }, () => null),
  };
}

/** Puts the members in the order of `ids`: those that were there keep what they said. */
export function fitTimeline(state: TimelineState, ids: readonly string[]): void {
  const before = state.ids ?? ids;
  if (state.pending.length === ids.length && ids.every((id, member) => before[member] === id)) {
    state.ids = ids;
    return;
  }
  const { pending, decidedTo } = state;
  const places = ids.map((id) => before.indexOf(id));
  state.pending = places.map((place) => pending[place] ?? []);
  state.decidedTo = places.map((place) => decidedTo[place] ?? null);
  state.ids = ids;
}

/** A member's device spoke: `said` is undefined where the report holds nothing valid for it. */
export function say(state: TimelineState, member: number, span: { start: number; end: number }, said: Said): void {
  const queue = state.pending[member];
  if (queue === undefined) return;
  state.decidedTo[member] = Math.max(state.decidedTo[member] ?? span.end, span.end);
  if (state.doneTo === null) state.doneTo = span.start;
  const start = Math.max(span.start, state.doneTo);
  if (said === undefined || start >= span.end) return;
  const last = queue[queue.length - 1];
  if (last !== undefined && last[1] === start && last[2] === said) last[1] = span.end;
  else queue.push([start, span.end, said]);
}

/** A member's device was heard at `at`: what is not covered before is a gap. */
export function decide(state: TimelineState, member: number, at: number): void {
  const before = state.decidedTo[member];
  if (before === null || before === undefined || at > before) state.decidedTo[member] = at;
  if (state.doneTo === null) state.doneTo = at;
}

function settle(state: TimelineState, now: number, speakers: readonly Speaker[]): number {
  let settled = now;
  for (let member = 0; member < state.pending.length; member += 1) {
    const decided = state.decidedTo[member];
    // Whoever has spoken for all of it settles it without a look at the cadence.
    if (decided !== null && decided !== undefined && decided >= settled) continue;
    const speaker = speakers[member];
    const open = speaker === undefined ? now : now - reachMs(speaker.track, speaker.everyMs, now);
    const until = decided === null || decided === undefined ? open : Math.max(decided, open);
    if (until < settled) settled = until;
  }
  return settled;
}

/** What every member says from `start` on goes into `said`; gives back until when nobody changes. */
function sayAt(state: TimelineState, start: number, settled: number, said: Said[]): number {
  let end = settled;
  for (let member = 0; member < state.pending.length; member += 1) {
    const queue = state.pending[member] as [number, number, number][];
    while (queue.length > 0 && (queue[0] as [number, number, number])[1] <= start) queue.shift();
    const head = queue[0];
    if (head === undefined) said[member] = undefined;
    else if (head[0] > start) {
      said[member] = undefined;
      if (head[0] < end) end = head[0];
    } else {
      said[member] = head[2];
      if (head[1] < end) end = head[1];
    }
  }
  return end;
}

/**
 * Hands on every span up to what is settled at stream time `now`, oldest first. `said` is used again for the next span.
 * @param speakers the members' devices, in order
 */
export function sweep(
  state: TimelineState,
  now: number,
  speakers: readonly Speaker[],
  each: (start: number, end: number, said: readonly Said[]) => void,
): void {
  if (state.doneTo === null || state.doneTo >= now) return;
  const settled = settle(state, now, speakers);
  if (state.doneTo >= settled) return;
  const said: Said[] = new Array<Said>(state.pending.length);
  while (state.doneTo < settled) {
    const start: number = state.doneTo;
    state.doneTo = sayAt(state, start, settled, said);
    each(start, state.doneTo, said);
  }
}
