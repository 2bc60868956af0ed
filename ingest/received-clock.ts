/**
 * The receiver's clock as the log promises it: never less than the one before.
 *
 * All writers of one log in one process share one, and read it right before they append.
 * @param now epoch ms, such as `Date.now`; may step back when the machine's clock is set
 * @param floor `received` of the last record in the log; 0 for an empty one
 */
export function createReceivedClock(now: () => number, floor = 0): () => number {
  let last = floor;
  return () => {
    const at = now();
    if (at > last) last = at;
    return last;
  };
}
