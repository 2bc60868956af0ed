/**
 * One partition of a divided log, as the detector that owns it sees it: everything of some of the sites, in order,
 * with the state of that detector beside it. Who loses a partition must write nothing more: a commit of an owner that
 * is no longer one fails.
 */
import type { LogRecord } from '../log-record.ts';
import type { DetectionCommit } from './detection-store.ts';

export interface OwnedPartition {
  /** Number of the partition: with an offset it names a record. */
  readonly partition: number;
  /** State by key, as of the last commit. */
  state(key: string): string | undefined;
  stateKeys(prefix: string): readonly string[];
  /** First offset that is still kept. */
  first(): Promise<number>;
  /** The report records of one site in [fromOffset, toOffset), in order: what a rewind runs again. */
  readSite(site: string, fromOffset: number, toOffset: number): Promise<readonly LogRecord[]>;
  /**
   * Outputs, state and offset together, or nothing of it.
   * @throws UnavailableError where it may or may not have happened: the detector is then thrown away, and a new one
   * goes on from what is stored
   */
  commit(batch: DetectionCommit): Promise<void>;
}
