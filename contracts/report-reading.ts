/**
 * A report with its instants resolved and its signals checked against the registry: what the detector reads.
 */
import type { Flag } from './signals.ts';

/** One signal of one report. */
export interface Reading {
  readonly signal: string;
  /** Number or text; of a period the mean, or the sum of a count, or the register at its end. NaN: only other statistics. */
  readonly value: number | string;
  readonly flag: Flag;
  /** What the device made itself over the period, beside the mean. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly converted: number | undefined;
}

export interface CheckedReport {
  readonly site: string;
  readonly device: string;
  /** Instant of the sample, or start of the period. */
  readonly ts: number;
  /** 0 for an instant. */
  readonly periodMs: number;
  /** Event time: the instant, or the end of the period. */
  readonly endAt: number;
  readonly readings: readonly Reading[];
  readonly seq: number | undefined;
  readonly resent: boolean;
  readonly mark: { readonly state: string; readonly until: number | undefined } | undefined;
  readonly parameters: Readonly<Record<string, number | string>> | undefined;
}
