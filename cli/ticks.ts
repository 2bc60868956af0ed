/** The clock as records: appended when something falls due without a report, so that a replay sees the same time. */
import type { EmbeddedStore } from './embedded-store.ts';
import type { TimedLog } from './timed-log.ts';

const EVERY_MS = 1_000;

interface TickLog {
  warn(fields: object, event: string): void;
}

/**
 * Also while storage refuses: the first tick that is taken shows that there is room again.
 * @returns what stops it
 */
export function startTicks(log: TimedLog, store: EmbeddedStore, logger: TickLog): () => void {
  let isBusy = false;
  let isTold = false;
  const tick = async (): Promise<void> => {
    const due = store.nextDue();
    const isDue = due !== undefined && log.now() > due;
    if (isBusy || !(isDue || store.store.trouble() !== undefined)) return;
    isBusy = true;
    try {
      await log.append([{ kind: 'tick', received: log.now() }]);
      isTold = false;
    } catch (err) {
      if (!isTold) logger.warn({ err }, 'detect.tick.not-appended');
      isTold = true;
    }
    isBusy = false;
  };
  const timer = setInterval(() => void tick(), EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
