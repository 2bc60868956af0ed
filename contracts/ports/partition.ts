/**
 * One partition of a divided log, as the detector that owns it sees it: everything of some of the sites, in order,
 * with the state of that detector beside it. Who loses a partition must write nothing more: a commit of an owner that
 * is no longer one fails.
 */
import type { LogRecord } from '../log-record.ts';
import type { RegistryText } from '../registry/read-registry.ts';
import type { DetectionCommit } from './detection-store.ts';

/** A report with its place. */
export type ReportAt = LogRecord & { readonly kind: 'report' };

export interface OwnedPartition {
  /** Number of the partition: with an offset it names a record. */
  readonly partition: number;
  /** Whether everything about a site is in this one. */
  owns(site: string): boolean;
  /** Files of the registry that the state names by its digest, where it does. */
  registryFiles(digest: string): readonly RegistryText[] | undefined;
  /** State by key, as of the last commit. */
  state(key: string): string | undefined;
  stateKeys(prefix: string): readonly string[];
  /** First offset that is still kept. */
  first(): Promise<number>;
  /** The report records of all its sites in [fromOffset, toOffset), in order, in batches: what rewinds run again. */
  readReports(fromOffset: number, toOffset: number): AsyncIterable<readonly ReportAt[]>;
  /**
   * Outputs, state and offset together, or nothing of it.
   * @throws UnavailableError where it may or may not have happened: the detector is then thrown away, and a new one
   * goes on from what is stored
   */
  commit(batch: DetectionCommit): Promise<void>;
}

/** What works on a partition that is owned: the detector, as whoever feeds it sees it. */
export interface PartitionWorker {
  /** Offset from which records have to be given: below {@link next} those that are read again. */
  readonly from: number;
  readonly next: () => number;
  /** Receive time of the newest record; not finite before the first. */
  readonly clock: () => number;
  /** Records in order, each offset once. Resolves when what came of them is committed. */
  take(records: readonly LogRecord[]): Promise<void>;
  /** Saves everything, so that the next owner reads nothing again. */
  save(): Promise<void>;
  /** Lets go of what it holds on the disk; saves nothing. */
  close(): void;
}
