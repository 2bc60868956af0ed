/**
 * Changes of an assignment wait until no read is under way: a batch that was read before a partition went would
 * otherwise reach the next assignment of the same partition, and what lies between would be passed over.
 */
export class BetweenTurns {
  #waiting: (() => void)[] = [];
  #isOver = false;

  /** Resolves when it was done: at the next gap, or at once where nothing is read any more. @throws what the change throws */
  do(change: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          change();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      if (this.#isOver) run();
      else this.#waiting.push(run);
    });
  }

  /** No read is under way now. */
  pass(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    for (const run of changes) run();
  }

  /** Nothing is read any more. */
  end(): void {
    this.#isOver = true;
    this.pass();
  }
}
