/** A covered span of an instrument, and one of its channels: the input of every rule about channels. */
import type { Subject } from '../../contracts/finding.ts';
import type { RuleContext } from '../rules/rule.ts';

/** The same for every channel of the instrument. */
export interface ChannelSpan {
  readonly start: number;
  readonly end: number;
  /** False: known to stand still. */
  readonly operating: boolean;
  /** Cadence that the data show, ms. */
  readonly everyMs: number;
  /** Event time of the input that made the span known. */
  readonly at: number;
}

/** What the registry says of a channel. */
export interface ChannelFacts {
  readonly signal: string;
  readonly subject: Subject;
  /** Undefined = learned. */
  readonly resolution: number | undefined;
  /** Full scale. */
  readonly range: readonly [number, number] | undefined;
  /** Lowest value that can be shown; undefined: none is known, as of a gauge pressure without a range. */
  readonly lowest: number | undefined;
}

/** The channel that a span is looked at for, and where the rule writes. */
export interface ChannelWatch {
  readonly channel: ChannelFacts;
  readonly context: RuleContext;
}
