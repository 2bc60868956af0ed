/**
 * How many payload bytes of all connections wait for storage. When it is used up, sockets are not read: TCP makes
 * the publishers wait, and memory stays flat.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #changed: (used: number) => void;
  readonly #waiters = new Set<() => void>();
  #used = 0;
  #waking = false;

  /** @param changed told the bytes in use whenever they change */
  constructor(limit: number, changed: (used: number) => void) {
    this.#limit = limit;
    this.#changed = changed;
  }

  get open(): boolean {
    return this.#used < this.#limit;
  }

  /** May go over the limit by what one read has brought. */
  take(bytes: number): void {
    this.#used += bytes;
    this.#changed(this.#used);
  }

  give(bytes: number): void {
    this.#used -= bytes;
    this.#changed(this.#used);
    if (!this.open || this.#waiters.size === 0 || this.#waking) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      this.#wake();
    });
  }

  /** `resume` is called once, as soon as there is room again and all that wait longer had their turn. */
  wait(resume: () => void): void {
    this.#waiters.add(resume);
  }

  leave(resume: () => void): void {
    this.#waiters.delete(resume);
  }

  #wake(): void {
    for (const resume of this.#waiters) {
      if (!this.open) return;
      this.#waiters.delete(resume);
      resume();
    }
  }
}
