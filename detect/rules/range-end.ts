/** Whether a value stands at an end of what its instrument can show. */
import type { Flag } from '../../contracts/signals.ts';
import type { ChannelFacts } from '../core/channel-span.ts';

/** % vol; air has 20.9. */
const ABOVE_AIR_PERCENT = 22;

/** Nothing is at the top below this share of full scale: the least that `topShare` may be. */
const LEAST_TOP_SHARE = 0.9;

/** `topShare` of `falsification.pinned` unless a site says otherwise. */
export const TOP_SHARE = 0.98;

/** A value so far above full scale proves that the instrument has another range. */
const BEYOND_SHARE = 1.1;

/** Value from which a channel is at its top. */
function topValue([low, high]: readonly [number, number], share: number): number {
  return low < 0 ? high - (1 - share) * (high - low) : high * share;
}

/** Full scale of an oxygen channel below this is the oxygen of air, where it is `falsification.oxygen`'s matter. */
function hasTop(channel: ChannelFacts): boolean {
  return channel.range !== undefined && (channel.signal !== 'o2' || channel.range[1] >= ABOVE_AIR_PERCENT);
}

export function isAtTop(channel: ChannelFacts, value: number, share: number): boolean {
  const { range } = channel;
  if (range === undefined || value < topValue(range, LEAST_TOP_SHARE) || !hasTop(channel)) return false;
  return value >= topValue(range, share);
}

/** Far above the full scale that the registry knows. */
export function isBeyondTop({ range }: ChannelFacts, value: number): boolean {
  return range !== undefined && value > topValue(range, BEYOND_SHARE);
}

/** A step worked out from two values is off by their last digits. */
const STEP_SLACK = 1 + 1e-9;

/** At or below the lowest step that can be shown. */
export function isAtBottom({ lowest }: ChannelFacts, value: number, step: number): boolean {
  return lowest !== undefined && value <= lowest + step * STEP_SLACK;
}

/** A channel whose ends are watched. */
export interface EndChannel extends ChannelFacts {
  /** What `falsification.frozen` has learned of its steps. */
  readonly frozen: { readonly step: number | null; readonly compared: number };
}

/** From so many neighbours on the smallest step seen is the channel's step. */
const KNOWN_NEIGHBOURS = 30;
/** A learned step is no larger part of full scale. */
const LARGEST_STEP_SHARE = 0.02;

/** The channel's resolution: the registry's, else the smallest step seen where enough was seen, else none. */
export function lowestStep({ resolution, frozen, range }: EndChannel): number {
  if (resolution !== undefined) return resolution;
  if (frozen.step === null || frozen.compared < KNOWN_NEIGHBOURS) return 0;
  const largest = range === undefined ? 0 : LARGEST_STEP_SHARE * (range[1] - range[0]);
  return frozen.step <= largest ? frozen.step : 0;
}

/** The same with the step that is known of the channel. */
export function standsAtBottom(channel: EndChannel, value: number): boolean {
  return isAtBottom(channel, value, lowestStep(channel));
}

/** At its bottom, or high enough to be at its top. */
export function standsAtAnEnd(channel: EndChannel, value: number): boolean {
  return (
    standsAtBottom(channel, value) || value === Number.POSITIVE_INFINITY || isAtTop(channel, value, LEAST_TOP_SHARE)
  );
}

/**
 * What a reading says about the ends of its range: flag T counts at face value, and without a number as over all of it.
 * @returns undefined: flagged otherwise, so unknown
 */
export function rangeValue(flag: Flag, value: number): number | undefined {
  if (flag === 'T') return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  return flag === 'N' && !Number.isNaN(value) ? value : undefined;
}
