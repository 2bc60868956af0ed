/** What a line is doing at an instant, from the spans in which it runs. */
import type { Span } from './span.ts';

export type Phase = 'stopped' | 'start-up' | 'running' | 'shut-down';

export interface Activity {
  readonly phase: Phase;
  /** Share of full work that the phase allows, 0 to 1: rises in the start-up, falls in the shut-down. */
  readonly ramp: number;
  /** The run that contains the instant, or the last one before it; ±Infinity where there was none. */
  readonly startedAt: number;
  readonly endsAt: number;
  /** Begin of the next run after the instant, Infinity where there is none. */
  readonly nextStartAt: number;
}

export interface RampTimes {
  readonly startUpMs: number;
  readonly shutDownMs: number;
}

/** Number of spans that begin at or before the instant. O(log n). */
function countBegun(runs: readonly Span[], at: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle]?.fromAt ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param runs ascending, without overlaps */
export function activityAt(runs: readonly Span[], times: RampTimes, at: number): Activity {
  const begun = countBegun(runs, at);
  const run = runs[begun - 1];
  const startedAt = run?.fromAt ?? -Infinity;
  const endsAt = run?.toAt ?? -Infinity;
  const place = { startedAt, endsAt, nextStartAt: runs[begun]?.fromAt ?? Infinity };
  if (run === undefined || at >= endsAt) return { phase: 'stopped', ramp: 0, ...place };
  const up = Math.min(1, 0.35 + (0.65 * (at - startedAt)) / times.startUpMs);
  const down = Math.min(1, 0.3 + (0.7 * (endsAt - at)) / times.shutDownMs);
  if (at - startedAt < times.startUpMs) return { phase: 'start-up', ramp: Math.min(up, down), ...place };
  if (endsAt - at <= times.shutDownMs) return { phase: 'shut-down', ramp: down, ...place };
  return { phase: 'running', ramp: 1, ...place };
}
