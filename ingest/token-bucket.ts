/** Lets `perSecond` through, with `burst` at once after a pause. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #monotonic: () => number;
  #tokens: number;
  #at: number;

  /** @param monotonic ms */
  constructor(perSecond: number, burst: number, monotonic: () => number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#monotonic = monotonic;
    this.#tokens = burst;
    this.#at = monotonic();
  }

  /** False, and nothing is taken, where none is left. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes one in any case; the ms until the debt is paid, 0 where there is none. */
  take(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  #refill(): void {
    const now = this.#monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
