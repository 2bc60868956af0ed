/** What is remembered of the means that a device makes itself. */
import type { OwnWindows } from '../means/own-windows.ts';
import type { OwnMeanState } from '../rules/falsification.average-mismatch.ts';

/** One device of the outlet. Part of snapshots. */
export interface OwnMeanWatch {
  windows: OwnWindows;
  /** By signal. */
  channels: Record<string, OwnMeanState>;
}
