/**
 * The newest changes, read once for all who follow them live.
 *
 * It looks when it is woken and every `pollMs`, and only while someone follows. The last few hundred changes stay in
 * memory, so that a thousand followers cost one read; whoever is further behind reads the store in pages of its own.
 */
import type { ChangeEvent, ReadModel } from '../../contracts/ports/read-model.ts';

/** Changes kept in memory. */
const KEPT = 512;
const PAGE = 256;

export interface ChangeFeedOptions {
  readonly readModel: Pick<ReadModel, 'changes' | 'changeBounds'>;
  readonly pollMs: number;
  readonly onChange: ((wake: () => void) => () => void) | undefined;
  /** Told of errors that nobody waits for; the next look tries again. */
  readonly onError: (error: unknown) => void;
}

export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #followers = new Set<() => void>();
  readonly #unwatch: (() => void) | undefined;
  #kept: readonly ChangeEvent[] = [];
  #last = 0;
  #looking: Promise<void> | undefined;
  #isStale = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#unwatch = options.onChange?.(() => {
      if (this.#followers.size > 0) this.#lookAlone();
    });
  }

  /** Highest `seq` that is known. */
  get last(): number {
    return this.#last;
  }

  /** Changes after a `seq`, oldest first; empty where there are none yet. */
  async after(seq: number): Promise<readonly ChangeEvent[]> {
    if (seq >= this.#last) return [];
    const [oldest] = this.#kept;
    if (oldest !== undefined && oldest.seq <= seq + 1) return this.#kept.filter((change) => change.seq > seq);
    return this.#options.readModel.changes(seq, PAGE);
  }

  /** Calls back when there is something new. The answer ends it. */
  follow(callback: () => void): () => void {
    this.#followers.add(callback);
    this.#timer ??= setInterval(() => {
      this.#lookAlone();
    }, this.#options.pollMs).unref();
    this.#lookAlone();
    return () => {
      this.#followers.delete(callback);
      if (this.#followers.size === 0) this.#rest();
    };
  }

  /** Looks now; `last` is up to date when it resolves. */
  async look(): Promise<void> {
    // Woken while it looks: what woke it may have come after its last read.
    if (this.#looking !== undefined) {
      this.#isStale = true;
      return this.#looking;
    }
    this.#looking = this.#read().finally(() => {
      this.#looking = undefined;
      if (!this.#isStale) return;
      this.#isStale = false;
      this.#lookAlone();
    });
    return this.#looking;
  }

  stop(): void {
    this.#rest();
    this.#followers.clear();
    this.#unwatch?.();
  }

  #lookAlone(): void {
    this.look().catch(this.#options.onError);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    const { readModel } = this.#options;
    if (this.#followers.size === 0) {
      // Nobody is waiting for what came meanwhile: begin at the end instead of reading through all of it.
      this.#last = (await readModel.changeBounds()).last;
      this.#kept = [];
      return;
    }
    for (;;) {
      const page = await readModel.changes(this.#last, PAGE);
      if (page.length === 0) return;
      this.#kept = [...this.#kept, ...page].slice(-KEPT);
      this.#last = page.at(-1)?.seq ?? this.#last;
      for (const follower of [...this.#followers]) follower();
    }
  }
}
