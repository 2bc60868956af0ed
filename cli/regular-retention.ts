/** Removes what is older than it is kept for, every hour. */
import { DAY_MS, HOUR_MS } from '../contracts/time/instant.ts';
import type { RetentionPolicy } from '../backends/sqlite/retention.ts';
import type { Config } from './config.ts';
import type { EmbeddedStore } from './embedded-store.ts';

interface RetentionLog {
  warn(fields: object, event: string): void;
}

const KEPT_CHANGES_MS = 30 * DAY_MS;

/** Of what is shown; the log is kept for as long as its own owner says. */
export function retentionOf(config: Config): RetentionPolicy {
  return {
    samplesMs: config.retainSampleDays * DAY_MS,
    meansMs: config.retainMeanDays * DAY_MS,
    deadLettersMs: config.retainDeadLetterDays * DAY_MS,
    changesMs: KEPT_CHANGES_MS,
  };
}

/**
 * @param at `now` is the receiver's clock, which is what the log is stamped with
 * @returns what stops it
 */
export function retainRegularly(
  { store }: EmbeddedStore,
  config: Config,
  at: { readonly now: () => number; readonly logger: RetentionLog },
): () => void {
  const policy = { logMs: config.retainLogDays * DAY_MS, ...retentionOf(config) };
  const run = async (): Promise<void> => {
    try {
      await store.retain(policy, at.now());
    } catch (err) {
      at.logger.warn({ err }, 'store.retention.failed');
    }
  };
  const timer = setInterval(() => void run(), HOUR_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
