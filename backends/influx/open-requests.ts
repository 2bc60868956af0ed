/** Requests that are under way, so that each ends in time and none outlives whoever made it. */
export class OpenRequests {
  readonly #open = new Set<AbortController>();

  /** @param act is given the signal that ends its request after `withinMs`, or when all are ended */
  async run<T>(withinMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort();
    }, withinMs);
    this.#open.add(controller);
    try {
      return await act(controller.signal);
    } finally {
      clearTimeout(timer);
      this.#open.delete(controller);
    }
  }

  endAll(): void {
    for (const controller of this.#open) controller.abort();
  }
}
