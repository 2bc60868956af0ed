/** Remembers for a while what was seen; bounded, the oldest goes first. */
export class RecentKeys {
  readonly #forMs: number;
  readonly #most: number;
  readonly #monotonic: () => number;
  readonly #until = new Map<string, number>();

  /** @param monotonic ms */
  constructor(forMs: number, most: number, monotonic: () => number) {
    this.#forMs = forMs;
    this.#most = most;
    this.#monotonic = monotonic;
  }

  has(key: string): boolean {
    return (this.#until.get(key) ?? Number.NEGATIVE_INFINITY) > this.#monotonic();
  }

  add(key: string): void {
    const [oldest] = this.#until.keys();
    if (oldest !== undefined && this.#until.size >= this.#most) this.#until.delete(oldest);
    this.#until.delete(key);
    this.#until.set(key, this.#monotonic() + this.#forMs);
  }
}
