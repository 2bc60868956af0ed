/**
 * Values, means and findings by time, for readers and dashboards. A projection of the log: what it holds can be made
 * again from there, and nothing is decided by it.
 */
import type { Finding } from '../finding.ts';
import type { Mean } from '../mean.ts';
import type { Sample } from './detection-store.ts';
import type { LatestValue, SeriesAnswer, SeriesQuery } from './read-model.ts';

export interface SeriesBatch {
  readonly samples: readonly Sample[];
  readonly means: readonly Mean[];
  readonly findings: readonly Finding[];
}

/** What the store will never take, however often it is asked; everything else of the batch is in. */
export interface RefusedItem {
  readonly item: Sample | Mean | Finding;
  /** As it was offered to the store. */
  readonly line: string;
  readonly reason: string;
}

export interface SeriesStore {
  /**
   * Resolves when everything that the store takes is durable. The same again changes nothing.
   * @returns what it refuses
   * @throws UnavailableError where some of it may not be there: try all of it again; ConfigError where nobody may write
   */
  write(batch: SeriesBatch): Promise<readonly RefusedItem[]>;
  /** @throws InputError where more points than asked for would come out, or a text should be rolled up */
  series(query: SeriesQuery): Promise<SeriesAnswer>;
  /** The newest value of every signal of a site; disputed ones never stand for the signal. */
  latest(site: string): Promise<readonly LatestValue[]>;
}
