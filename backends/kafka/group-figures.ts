/** What a reader of a group counts of itself; gone with its process. */
export interface GroupFigures {
  /** Messages that were dealt with. */
  messages: number;
  bytes: number;
  batches: number;
  /** Batches that could not be dealt with at the first try, by each try. */
  failures: number;
  commitFailures: number;
  rebalances: number;
  /** Memberships that ended with something unclear. */
  restarts: number;
}

export function createGroupFigures(): GroupFigures {
  return { messages: 0, bytes: 0, batches: 0, failures: 0, commitFailures: 0, rebalances: 0, restarts: 0 };
}
