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

export interface ChangeFeed {
  /** Highest `seq` that is known. */
  last(): number;
  /** Changes after a `seq`, oldest first; empty where there are none yet. */
  after(seq: number): Promise<readonly ChangeEvent[]>;
  /** Calls back when there is something new. The answer ends it. */
  follow(callback: () => void): () => void;
  /** Looks now and makes sure that `last` is up to date. */
  look(): Promise<void>;
  stop(): void;
}

export interface ChangeFeedOptions {
  readonly readModel: Pick<ReadModel, 'changes' | 'changeBounds'>;
  readonly pollMs: number;
  readonly onChange: ((wake: () => void) => () => void) | undefined;
  /** Told of errors while nobody asks; the next look tries again. */
  readonly onError: (error: unknown) => void;
}

export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { readModel, pollMs, onChange, onError } = options;
  const followers = new Set<() => void>();
  let kept: ChangeEvent[] = [];
  let last = 0;
  let looking: Promise<void> | undefined;
  let isStale = false;
  let timer: NodeJS.Timeout | undefined;

  const readNew = async (): Promise<void> => {
    if (followers.size === 0) {
      // Nobody is waiting for what came meanwhile: begin at the end instead of reading through all of it.
      last = (await readModel.changeBounds()).last;
      kept = [];
      return;
    }
    for (;;) {
      const page = await readModel.changes(last, PAGE);
      if (page.length === 0) return;
      kept = [...kept, ...page].slice(-KEPT);
      last = page.at(-1)?.seq ?? last;
      for (const follower of [...followers]) follower();
    }
  };
  const look = (): Promise<void> => {
    // Woken while it looks: what woke it may have come after its last read.
    if (looking !== undefined) {
      isStale = true;
      return looking;
    }
    looking = readNew().finally(() => {
      looking = undefined;
      if (!isStale) return;
      isStale = false;
      lookAlone();
    });
    return looking;
  };
  const lookAlone = (): void => {
    look().catch(onError);
  };
  const unwatch = onChange?.(() => {
    if (followers.size > 0) lookAlone();
  });
  const schedule = (): void => {
    timer ??= setInterval(lookAlone, pollMs).unref();
  };
  const rest = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    last: () => last,
    after: async (seq) => {
      const [oldest] = kept;
      if (seq >= last) return [];
      if (oldest !== undefined && oldest.seq <= seq + 1) return kept.filter((change) => change.seq > seq);
      return readModel.changes(seq, PAGE);
    },
    follow: (callback) => {
      followers.add(callback);
      schedule();
      lookAlone();
      return () => {
        followers.delete(callback);
        if (followers.size === 0) rest();
      };
    },
    look,
    stop: () => {
      rest();
      followers.clear();
      unwatch?.();
    },
  };
}
