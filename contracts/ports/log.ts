import type { LogEntry, LogRecord } from '../log-record.ts';

/**
 * The log: the record of truth. Keyed by site in production; embedded it is one partition.
 *
 * Durability: `append` resolves when the entries survive a power cut, and rejects with `UnavailableError` where they
 * may not. Entries appended by one call keep their order. Reading never blocks appending.
 */
export interface Log {
  /** Appends in groups; resolves with the offset of the first entry when all of them are durable. */
  append(entries: readonly LogEntry[]): Promise<number>;
  /** Up to `limit` records from `fromOffset` on, in order; empty at the end. */
  read(fromOffset: number, limit: number): Promise<readonly LogRecord[]>;
  /** The report records of one site in [fromOffset, toOffset), in order: what a rewind runs again. */
  readSite(site: string, fromOffset: number, toOffset: number): Promise<readonly LogRecord[]>;
  /** First offset that is still kept, and the offset that the next entry will get. */
  bounds(): Promise<{ readonly first: number; readonly next: number }>;
}
