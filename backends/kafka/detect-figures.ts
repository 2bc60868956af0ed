/** What a detecting process counts of itself; gone with it. */
import { createCommitFigures, type CommitFigures } from './committer.ts';

export interface PartitionFigures {
  readonly partition: number;
  /** Offset of the next record to be worked on. */
  readonly next: number;
  /** Behind the last record that the server has. */
  readonly end: number;
  /** Receive time of the oldest record that waits; undefined where none does. */
  readonly oldestReceived: number | undefined;
}

/** Seconds from receipt to commit, as upper bounds of classes. */
export const LATENCY_CLASSES_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

export interface DetectFigures {
  readonly commits: CommitFigures;
  records: number;
  rebalances: number;
  takeOvers: number;
  takeOverSeconds: number;
  restarts: number;
  /** Records that retention took before they were read, or before what was read of them was saved. */
  missedRecords: number;
  /** Records by class of latency, the last one open to above. */
  readonly latency: number[];
  latencySeconds: number;
}

export function createDetectFigures(): DetectFigures {
  return {
    commits: createCommitFigures(),
    records: 0,
    rebalances: 0,
    takeOvers: 0,
    takeOverSeconds: 0,
    restarts: 0,
    missedRecords: 0,
    latency: Array.from({ length: LATENCY_CLASSES_S.length + 1 }, () => 0),
    latencySeconds: 0,
  };
}

export function noteLatency(figures: DetectFigures, seconds: number): void {
  const found = LATENCY_CLASSES_S.findIndex((most) => seconds <= most);
  const at = found === -1 ? LATENCY_CLASSES_S.length : found;
  figures.latency[at] = (figures.latency[at] ?? 0) + 1;
  figures.latencySeconds += seconds;
}
