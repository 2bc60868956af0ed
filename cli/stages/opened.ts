/** What a stage has open: closed in turn, the last first, whatever fails in between. */
export class Opened {
  readonly #closes: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closes.push(close);
  }

  /** @throws the first failure, once everything else was closed */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closes.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0] as Error;
  }

  /** All at once: none of them needs another, and each may wait for a server that hangs. */
  async closeTogether(): Promise<void> {
    const ends = await Promise.allSettled(this.#closes.splice(0).map((close) => close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
  }
}
