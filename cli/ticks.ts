/** The clock as records: appended when something falls due without a report, so that a replay sees the same time. */
import type { EmbeddedStore } from './embedded-store.ts';

const EVERY_MS = 1_000;

interface TickLog {
  warn(fields: object, event: string): void;
}

/** @returns what stops it */
export function startTicks(store: EmbeddedStore, now: () => number, logger: TickLog): () => void {
  let isBusy = false;
  const tick = async (): Promise<void> => {
    const due = store.nextDue();
    if (isBusy || due === undefined || now() <= due) return;
    isBusy = true;
    try {
      await store.store.append([{ kind: 'tick', received: now() }]);
    } catch (err) {
      logger.warn({ err }, 'detect.tick.not-appended');
    }
    isBusy = false;
  };
  const timer = setInterval(() => void tick(), EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
