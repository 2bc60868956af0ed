/**
 * Where a value at an end of its range says nothing about the channel: marked time, and a stack that holds air or
 * nothing. Asked only where some channel stands at an end.
 */
import type { Reading } from '../../contracts/report-reading.ts';
import { EXCUSING_STATES } from '../../contracts/registry/registry.ts';
import { AIR_O2_PERCENT } from '../means/oxygen.ts';
import { standsAtBottom } from '../rules/range-end.ts';
import type { BoundChannel, BoundInstrument } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import type { EventState } from './event-state.ts';
import { isMarked } from './mark-book.ts';

function usableValue({ flag, value }: Reading): number | undefined {
  return flag === 'N' && typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}

function holdsAir(readings: readonly Reading[]): boolean {
  for (const reading of readings) {
    if (reading.signal === 'o2') return (usableValue(reading) ?? 0) >= AIR_O2_PERCENT;
  }
  return false;
}

/** Flow or velocity of the same instrument at their own bottom. */
function isStill({ channels }: BoundInstrument, readings: readonly Reading[]): boolean {
  for (const reading of readings) {
    if (reading.signal !== 'flow' && reading.signal !== 'velocity') continue;
    const value = usableValue(reading);
    const channel = channels.get(reading.signal);
    if (value !== undefined && channel !== undefined && standsAtBottom(channel, value)) return true;
  }
  return false;
}

/**
 * A pollutant at its bottom is right where there is no gas to measure. What the flow, or another quantity of the stack
 * itself, has at its bottom says that it stands, unless meters say that it operates.
 */
function isBottomInDoubt(instrument: BoundInstrument, channel: BoundChannel, { readings }: Segment): boolean {
  if (channel.signal === 'o2') return false;
  if (holdsAir(readings)) return true;
  return channel.isPollutant ? isStill(instrument, readings) : instrument.outlet.plan.meters.length === 0;
}

function isExcused(state: EventState, { outlet }: BoundInstrument, { start, end }: Segment): boolean {
  const { marks, deviceIds } = outlet.plan;
  if (marks.length === 0 && state.marks.length === 0) return false;
  return isMarked(marks, state.marks, deviceIds, { from: start, to: end, states: EXCUSING_STATES });
}

/** @param value stands at an end of the channel's range; may be infinite: over range without a number */
export function isEndInDoubt(
  state: EventState,
  instrument: BoundInstrument,
  segment: Segment,
  at: { readonly channel: BoundChannel; readonly value: number },
): boolean {
  const { channel, value } = at;
  if (standsAtBottom(channel, value) && isBottomInDoubt(instrument, channel, segment)) return true;
  return isExcused(state, instrument, segment);
}
