/** Sending what is stored: some clients at a time, each in windows that are confirmed before the next. */
import type { SimulationClock } from './clock.ts';
import type { Sender } from './sender.ts';

/** Clients that move forward together: the devices of a site at the start, later each client by itself. */
export interface Convoy {
  readonly senders: readonly Sender[];
  /** How much of the store goes out at once. */
  readonly windowMs: number;
  readonly onDone: () => void;
}

/** Convoys under way at once: as much of their stores is in memory, and no more. */
const MOST_UNDER_WAY = 64;

export class CatchUp {
  readonly #clock: SimulationClock;
  readonly #signal: AbortSignal;
  readonly #ready: Convoy[] = [];
  readonly #convoyOf = new Map<Sender, Convoy>();
  readonly #queued = new Set<Convoy>();
  #underWay = 0;

  constructor(clock: SimulationClock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Takes a convoy; it moves as soon as all of its clients are connected. */
  add(convoy: Convoy): void {
    for (const sender of convoy.senders) this.#convoyOf.set(sender, convoy);
    this.#offer(convoy);
  }

  /** A client is connected again. */
  up(sender: Sender): void {
    const convoy = this.#convoyOf.get(sender);
    if (convoy !== undefined) this.#offer(convoy);
  }

  #offer(convoy: Convoy): void {
    if (this.#queued.has(convoy) || !convoy.senders.every(({ publisher }) => publisher.isConnected)) return;
    this.#queued.add(convoy);
    this.#ready.push(convoy);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#underWay < MOST_UNDER_WAY && !this.#signal.aborted) {
      const convoy = this.#ready.shift();
      if (convoy === undefined) return;
      this.#underWay += 1;
      void this.#move(convoy).finally(() => {
        this.#underWay -= 1;
        this.#queued.delete(convoy);
        // A client that came back while this ended has been told so for nothing.
        if (this.#convoyOf.get(convoy.senders[0] as Sender) === convoy) this.#offer(convoy);
        this.#dispatch();
      });
    }
  }

  /** Ends when nothing is stored any more, or when a client is lost. */
  async #move(convoy: Convoy): Promise<void> {
    const { senders, windowMs } = convoy;
    while (!this.#signal.aborted) {
      await Promise.all(senders.map(({ publisher }) => publisher.drainedOrLost()));
      if (this.#signal.aborted || senders.some(({ publisher }) => !publisher.isConnected)) return;
      const now = this.#clock.now();
      const firstAt = Math.min(...senders.map(({ nextAt }) => nextAt));
      if (firstAt > now) break;
      const windowEnd = (Math.floor(firstAt / windowMs) + 1) * windowMs;
      for (const sender of senders) sender.sendUntil(Math.min(windowEnd, now + 1), this.#clock.storedBefore());
    }
    for (const sender of senders) this.#convoyOf.delete(sender);
    convoy.onDone();
  }
}
