/**
 * Randomness as a function of a place: the number at an index never depends on what was asked before.
 * So devices can be run in any order, from any instant, and give the same bytes.
 */
export interface RandomStream {
  /** An independent stream; the same labels give the same stream. */
  split(...labels: readonly (string | number)[]): RandomStream;
  /** Uniform in [0, 1). `index`: an integer, such as the number of the minute. */
  uniformAt(index: number): number;
  /** Mean 0, standard deviation 1, never beyond ±3.47 (a sum of four uniform numbers). */
  gaussianAt(index: number): number;
  /** A slow wandering in [-1, 1]: continuous in `position`, with a new direction at every whole number. */
  smoothAt(position: number): number;
}
