/**
 * Several devices beside each other: spans in which none of them changes what it says.
 *
 * A span is handed on once every device has decided it: spoken for it, or can no longer do so.
 */

/** What one member says in a span; `undefined` stands for unknown. */
export type Said = number | undefined;

/** Part of snapshots: pending spans as [start, end, said] by member, and how far all is handed on. */
export interface TimelineState {
  doneTo: number | null;
  pending: [number, number, number][][];
  decidedTo: (number | null)[];
}

export function initialTimeline(members: number): TimelineState {
  return {
    doneTo: null,
    pending: Array.from({ length: members }, () => []),
    decidedTo: Array.from({ length: members }, () => null),
  };
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

function settle(state: TimelineState, now: number, reach: (member: number) => number): number {
  let settled = now;
  for (let member = 0; member < state.pending.length; member += 1) {
    const decided = state.decidedTo[member];
    const open = now - reach(member);
    const until = decided === null || decided === undefined ? open : Math.max(decided, open);
    if (until < settled) settled = until;
  }
  return settled;
}

/**
 * Hands on every span up to what is settled at stream time `now`, oldest first.
 * @param reach how far back of now a member may still speak, ms
 */
export function sweep(
  state: TimelineState,
  now: number,
  reach: (member: number) => number,
  each: (start: number, end: number, said: readonly Said[]) => void,
): void {
  if (state.doneTo === null) return;
  const settled = settle(state, now, reach);
  const said: Said[] = new Array<Said>(state.pending.length);
  while (state.doneTo < settled) {
    const start: number = state.doneTo;
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
    state.doneTo = end;
    each(start, end, said);
  }
}
